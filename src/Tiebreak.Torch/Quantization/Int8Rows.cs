using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>The rows of a tensor on the CPU, rounded to int8 with a scale a row, for <see cref="Int8Packed"/>.</summary>
internal sealed unsafe class Int8Rows : IDisposable
{
    private readonly float[] _steps;
    private readonly torch.Tensor _values; // uint8 [rows, width]
    private readonly byte* _address;

    private Int8Rows(int count, int width)
    {
        (Count, Width, _steps) = (count, width, new float[count]);
        _values = torch.empty([count, width], torch.ScalarType.Byte).DetachFromDisposeScope();
        _address = (byte*)TensorMemory.Address(_values);
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>Rounds.</summary>
    /// <param name="input">[rows, width], float32 or bfloat16, contiguous, on the CPU.</param>
    public static Int8Rows Round(torch.Tensor input)
    {
        var rows = new Int8Rows((int)input.shape[0], (int)input.shape[1]);
        if (input.dtype is torch.ScalarType.BFloat16)
            rows.Round<BFloat16Format>(input);
        else
            rows.Round<Float32Format>(input);
        return rows;
    }

    /// <summary>The size of a row's step.</summary>
    public float StepOf(int row) => _steps[row];

    /// <summary>Some of the rows, for <see cref="Operators.PackedInt8Product"/>; in the caller's dispose scope.</summary>
    public torch.Tensor Values(int start, int count) => _values.narrow(0, start, count);

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    private void Round<TFormat>(torch.Tensor input)
        where TFormat : IElementFormat
    {
        var source = (byte*)TensorMemory.Address<TFormat>(input);
        TensorMemory.InParallel(Count, Width, row =>
            _steps[row] = Int8Kernels.RoundToBytes<TFormat>(source + (row * Width * TFormat.Size), Width, _address + (row * Width)));
    }
}
