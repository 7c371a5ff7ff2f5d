namespace Tiebreak.Transformers.Weights;

/// <summary>A tensor that a model takes from its checkpoint.</summary>
/// <param name="Name">The name in Hugging Face's spelling.</param>
/// <param name="Shape">Its shape.</param>
public sealed record TensorShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers it holds.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
