namespace Tiebreak.Torch.Checkpoints;

/// <summary>A tensor in a file of a checkpoint. Readers make sure that all of it lies inside the file.</summary>
internal sealed record TensorEntry
{
    /// <summary>Its name in the checkpoint: <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The type of the stored elements.</summary>
    public required DType Type { get; init; }

    /// <summary>Sizes of the dimensions; empty for a single number.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Steps between elements of each dimension, in elements.</summary>
    public required IReadOnlyList<long> Strides { get; init; }

    /// <summary>Where the first element lies in the file, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes of the elements.</summary>
    public long ByteCount => Count * Type.Size;

    /// <summary>Bytes from the first element to the end of the last one, gaps included.</summary>
    internal long ExtentBytes => Count == 0 ? 0 : (1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum()) * Type.Size;

    /// <summary>True if the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous
    {
        get
        {
            var step = 1L;
            for (var i = Shape.Count - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != step)
                    return false;
                step *= Shape[i];
            }

            return true;
        }
    }

    /// <summary>The strides of a tensor whose elements lie one after the other in row-major order.</summary>
    public static long[] RowMajor(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        for (var (i, step) = (shape.Count - 1, 1L); i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }

        return strides;
    }

    /// <summary>The number of elements of a shape from outside, or null if it is negative somewhere or too large.</summary>
    internal static long? CheckedCount(IReadOnlyList<long> shape)
    {
        const int mostDimensions = 16;
        const long most = 1L << 48;
        if (shape.Count > mostDimensions)
            return null;
        var count = 1L;
        foreach (var size in shape)
        {
            if (size is < 0 or > most || (size > 0 && count > most / size))
                return null;
            count *= size;
        }

        return count;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.SafetensorsName()} [{string.Join(", ", Shape)}]";
}
