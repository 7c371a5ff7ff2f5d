using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// bitsandbytes' four bits (nf4 of https://arxiv.org/abs/2305.14314, or fp4): each number is one of sixteen values, times the largest of its block. Blocks
/// run on over the rows of the weight.
/// </summary>
public sealed class CodebookWeight : PackedWeight
{
    private const int Values = 16;

    private readonly torch.Tensor _bytes;
    private readonly torch.Tensor _table;
    private readonly BlockScales _scales;
    private readonly int _blockSize;

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
        (_bytes, _table, _scales, _blockSize) = (Own(bytes), Own(table), scales, blockSize);
        _ = Own(scales.Values);
        if (scales.Table is not null)
            _ = Own(scales.Table);
        if (scales.Outer is not null)
            _ = Own(scales.Outer);
    }

    /// <inheritdoc/>
    protected override torch.Tensor WithOperators()
    {
        var bytes = _bytes.flatten().to(torch.ScalarType.Int64);
        var indices = torch.stack([bytes.bitwise_right_shift(torch.tensor(4L, device: bytes.device)), bytes.bitwise_and(15)], 1).flatten();
        var count = (long)Outputs * Inputs;
        return _table.index_select(0, indices).mul_(_scales.ToFloat().repeat_interleave(_blockSize).narrow(0, 0, count)).view(Outputs, Inputs);
    }

    /// <inheritdoc/>
    protected override unsafe torch.Tensor WithKernels()
    {
        var count = (long)Outputs * Inputs;
        var (bytes, scales, values) = (_bytes.contiguous(), _scales.ToFloat().contiguous(), _table.data<float>().ToArray());
        var table = Vector512.Create(values);
        var pairs = Pairs(values);
        var result = torch.empty([count], torch.ScalarType.Float32);
        var target = (float*)TensorMemory.Address(result);
        var source = (byte*)TensorMemory.Address(bytes);
        var scale = (float*)TensorMemory.Address(scales);
        TensorMemory.InParallel((count + _blockSize - 1) / _blockSize, _blockSize, block =>
        {
            var start = block * _blockSize;
            var length = (int)Math.Min(_blockSize, count - start);
            UnpackKernels.Codebook(new ReadOnlySpan<byte>(source + (start / 2), length / 2), table, pairs, scale[block], new Span<float>(target + start, length));
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
