namespace Tiebreak.Torch.Operators;

/// <summary>What <see cref="BFloat16Product"/> multiplies.</summary>
/// <param name="Rows">Of the left factor.</param>
/// <param name="Columns">Of the right factor.</param>
/// <param name="Inner">Products of a sum; even.</param>
/// <param name="LeftStride">Elements from row to row of the left factor.</param>
/// <param name="RightStride">Columns from row to row of the right factor.</param>
/// <param name="TargetStride">Elements from row to row of the result.</param>
internal readonly record struct BlockSize(int Rows, int Columns, int Inner, int LeftStride, int RightStride, int TargetStride);
