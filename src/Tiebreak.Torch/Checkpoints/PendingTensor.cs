using TorchSharp;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// A tensor to be written: what the header needs now, and its values when their turn comes, so that a model larger than memory can be
/// written.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Make">Makes it, in that type and shape, on any device; it is disposed after it was written.</param>
public sealed record PendingTensor(string Name, DType Type, IReadOnlyList<long> Shape, Func<torch.Tensor> Make)
{
    /// <summary>Bytes of the elements.</summary>
    public long ByteCount => Shape.Aggregate(1L, (product, size) => product * size) * Type.Size;
}
