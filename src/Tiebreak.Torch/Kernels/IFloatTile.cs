namespace Tiebreak.Torch.Kernels;

/// <summary>What kernels of float32 compute in the registers of one kind of processor.</summary>
internal unsafe interface IFloatTile
{
    /// <summary>Rows, and elements of a row, that <see cref="Transpose"/> takes.</summary>
    const int TransposedRows = 16;

    /// <summary>See <see cref="TransposedRows"/>.</summary>
    const int TransposedElements = 4;

    /// <summary>Whether the processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Rows of a left factor.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a right factor: one or two times <see cref="TransposedRows"/>.</summary>
    static abstract int Columns { get; }

    /// <summary>Adds a product to what is there. Each sum takes its products one after the other, whatever stands beside it.</summary>
    /// <param name="left">[Rows, inner], its rows <paramref name="leftStride"/> apart.</param>
    /// <param name="leftStride">Elements from row to row.</param>
    /// <param name="right">[inner, Columns].</param>
    /// <param name="inner">How many products a sum has.</param>
    /// <param name="start">What is added to: [Rows, Columns], or one row for all where <paramref name="startStride"/> is 0.</param>
    /// <param name="startStride">Elements from row to row.</param>
    /// <param name="target">Gets [Rows, Columns]; may be the start.</param>
    /// <param name="targetStride">Elements from row to row.</param>
    static abstract void MultiplyAdd(
        float* left, nint leftStride, float* right, nint inner, float* start, nint startStride, float* target, nint targetStride);

    /// <summary>Transposes sixteen rows of four elements into a part of a right factor.</summary>
    /// <param name="source">[16, 4], its rows <paramref name="sourceStride"/> apart.</param>
    /// <param name="sourceStride">Elements from row to row.</param>
    /// <param name="target">[4, 16], its rows <paramref name="targetStride"/> apart.</param>
    /// <param name="targetStride">Elements from row to row.</param>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);

    /// <summary>Makes e^(score - largest) of scores.</summary>
    /// <param name="scores">At least one is finite or NaN.</param>
    /// <param name="count">How many; a multiple of sixteen.</param>
    /// <returns>The sum; NaN where a score is NaN.</returns>
    static abstract float ToShares(float* scores, int count);
}
