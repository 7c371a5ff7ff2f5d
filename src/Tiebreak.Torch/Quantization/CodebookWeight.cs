using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// bitsandbytes' four bits (nf4 of https://arxiv.org/abs/2305.14314, or fp4): each number is one of sixteen values, times the largest of
/// its block. Blocks run on over the rows of the weight.
/// </summary>
internal sealed class CodebookWeight : QuantizedWeight
{
    private const int Values = 16;

    /// <summary>Takes the tensors over.</summary>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Its columns.</param>
    /// <param name="bytes">uint8, two numbers each, the first in the upper half; any shape.</param>
    /// <param name="table">float32 [16].</param>
    /// <param name="scales">One a block.</param>
    /// <param name="blockSize">Numbers of a block; even.</param>
    public CodebookWeight(int outputs, int inputs, torch.Tensor bytes, torch.Tensor table, BlockScales scales, int blockSize)
        : base(outputs, inputs)
    {
        (Bytes, Table, Scales, BlockSize) = (Own(bytes), Own(table), scales, blockSize);
        _ = Own(scales.Values);
        if (scales.Table is not null)
            _ = Own(scales.Table);
        if (scales.Outer is not null)
            _ = Own(scales.Outer);
    }

    /// <summary>Two numbers in each byte, the first in the upper half.</summary>
    public torch.Tensor Bytes { get; }

    /// <summary>The sixteen values: float32 [16].</summary>
    public torch.Tensor Table { get; }

    /// <summary>The largest value of each block.</summary>
    public BlockScales Scales { get; }

    /// <summary>Numbers of a block.</summary>
    public int BlockSize { get; }

    /// <inheritdoc/>
    protected override torch.Tensor WithOperators()
    {
        var bytes = Bytes.flatten().to(torch.ScalarType.Int64);
        var indices = torch.stack([bytes.bitwise_right_shift(torch.tensor(4L, device: bytes.device)), bytes.bitwise_and(15)], 1).flatten();
        var count = (long)Outputs * Inputs;
        return Table.index_select(0, indices).mul_(Scales.ToFloat().repeat_interleave(BlockSize).narrow(0, 0, count)).view(Outputs, Inputs);
    }

    /// <inheritdoc/>
    protected override unsafe torch.Tensor WithKernels()
    {
        var count = (long)Outputs * Inputs;
        var (bytes, scales, values) = (Bytes.contiguous(), Scales.ToFloat().contiguous(), Table.data<float>().ToArray());
        var table = Vector512.Create(values);
        var pairs = Pairs(values);
        var result = torch.empty([count], torch.ScalarType.Float32);
        var target = (float*)TensorMemory.Address(result);
        var source = (byte*)TensorMemory.Address(bytes);
        var scale = (float*)TensorMemory.Address(scales);
        TensorMemory.InParallel((count + BlockSize - 1) / BlockSize, BlockSize, block =>
        {
            var start = block * BlockSize;
            var length = (int)Math.Min(BlockSize, count - start);
            var packed = new ReadOnlySpan<byte>(source + (start / 2), length / 2);
            DequantizeKernels.Codebook(packed, table, pairs, scale[block], new Span<float>(target + start, length));
        });
        return result.view(Outputs, Inputs);
    }

    private static ulong[] Pairs(float[] values)
    {
        var pairs = new ulong[Values * Values];
        var halves = MemoryMarshal.Cast<ulong, float>(pairs.AsSpan());
        for (var i = 0; i < pairs.Length; i++)
            (halves[2 * i], halves[(2 * i) + 1]) = (values[i / Values], values[i % Values]);
        return pairs;
    }
}
