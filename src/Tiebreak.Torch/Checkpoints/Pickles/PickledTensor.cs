namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>A tensor as a pickle describes it; sizes and strides have been checked against the storage.</summary>
/// <param name="Storage">The block of numbers that it lies in.</param>
/// <param name="Offset">Its first element in the storage, in elements.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Strides">Steps between elements of each dimension, in elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
