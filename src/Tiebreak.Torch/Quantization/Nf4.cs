using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>Quantisation to nf4, the sixteen quantiles of a normal distribution (https://arxiv.org/abs/2305.14314, appendix E).</summary>
internal static class Nf4
{
    /// <summary>The sixteen values, as bitsandbytes has them.</summary>
    public static readonly IReadOnlyList<float> Table =
    [
        -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f,
        -0.18477343022823334f, -0.09105003625154495f, 0.0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f, 0.44070982933044434f,
        0.5626170039176941f, 0.7229568362236023f, 1.0f,
    ];

    /// <summary>Rounds each number to the nearest of the sixteen values times the largest of its block.</summary>
    /// <param name="weight">[outputs, inputs], with an even number of elements; stays the caller's.</param>
    /// <param name="blockSize">Numbers of a block.</param>
    /// <param name="quantizesScales">Quantises the blocks' scales once more: 4.13 bits a number instead of 4.5.</param>
    public static CodebookWeight Quantize(torch.Tensor weight, int blockSize = 64, bool quantizesScales = false)
    {
        using var scope = torch.NewDisposeScope();
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        var values = weight.to(torch.ScalarType.Float32).flatten();
        var count = values.numel();
        var blocks = (count + blockSize - 1) / blockSize;
        var padded = torch.zeros([blocks * blockSize], device: weight.device);
        padded.narrow(0, 0, count).copy_(values);
        var rows = padded.view(blocks, blockSize);

        var largest = rows.abs().amax([1]); // [blocks]
        var scales = quantizesScales ? DoubleQuantization.Quantize(largest) : new BlockScales(largest.clone().DetachFromDisposeScope());
        var steps = largest.where(largest.GreaterThan(0), torch.ones_like(largest)).unsqueeze(1);
        var indices = Nearest(rows.div_(steps)).flatten().narrow(0, 0, count); // uint8
        var bytes = indices.view(-1, 2).select(1, 0).Multiply(16).AddInPlace(indices.view(-1, 2).select(1, 1)).unsqueeze(1);
        return new CodebookWeight(
            outputs, inputs, bytes.DetachFromDisposeScope(), torch.tensor([.. Table], device: weight.device).DetachFromDisposeScope(),
            scales, blockSize);
    }

    // The number of midpoints between neighbouring values that lie below.
    private static torch.Tensor Nearest(torch.Tensor values)
    {
        var indices = torch.zeros_like(values, torch.ScalarType.Byte);
        for (var i = 1; i < Table.Count; i++)
            indices.AddInPlace(values.GreaterThan((Table[i - 1] + Table[i]) / 2).to(torch.ScalarType.Byte));
        return indices;
    }
}
