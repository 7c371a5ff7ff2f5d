namespace Tiebreak.Features.TermVectors;

/// <summary>The TF-IDF weights of one text, scaled to length 1. Only terms of the vocabulary are there.</summary>
/// <param name="Indices">Numbers of the terms, ascending.</param>
/// <param name="Values">Their weights.</param>
internal readonly record struct TermVector(int[] Indices, float[] Values)
{
    /// <summary>The dot product with a dense vector.</summary>
    public double Dot(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var k = 0; k < Indices.Length; k++)
            sum += weights[Indices[k]] * Values[k];
        return sum;
    }

    /// <summary>Adds a multiple of this vector to a dense one.</summary>
    public void AddTo(Span<double> dense, double factor)
    {
        for (var k = 0; k < Indices.Length; k++)
            dense[Indices[k]] += factor * Values[k];
    }
}
