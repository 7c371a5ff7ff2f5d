namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>A block of numbers that a pickle refers to; the numbers lie elsewhere in the file.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickledStorage(string Key, DType Type, long Count);
