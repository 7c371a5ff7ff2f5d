using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// Quantising the scales of blocks once more (https://arxiv.org/abs/2305.14314): less their mean, in blocks of 256, to the nearest of the
/// 255 values of bitsandbytes' dynamic map and zero, times the largest of the block.
/// </summary>
internal static class DoubleQuantization
{
    private const int BlockSize = 256;

    // Powers of ten that the map spans, each with twice the values of the one below it.
    private const int Decades = 7;

    /// <summary>Quantises scales.</summary>
    /// <param name="scales">float32 [blocks]; stays the caller's.</param>
    public static BlockScales Quantize(torch.Tensor scales)
    {
        using var scope = torch.NewDisposeScope();
        var table = Map();
        var offset = scales.mean();
        var count = scales.numel();
        var blocks = (count + BlockSize - 1) / BlockSize;
        var padded = torch.zeros([blocks * BlockSize], device: scales.device);
        padded.narrow(0, 0, count).copy_(scales.sub(offset));
        var rows = padded.view(blocks, BlockSize);
        var largest = rows.abs().amax([1]);
        var steps = largest.where(largest.GreaterThan(0), torch.ones_like(largest)).unsqueeze(1);

        // The number of midpoints below is the index of the nearest value.
        var values = torch.tensor(table, device: scales.device);
        var midpoints = values.narrow(0, 0, table.Length - 1).Add(values.narrow(0, 1, table.Length - 1)).DivideInPlace(2);
        var indices = torch.bucketize(rows.div_(steps).flatten().narrow(0, 0, count), midpoints).to(torch.ScalarType.Byte);
        return new BlockScales(
            indices.DetachFromDisposeScope(), values.DetachFromDisposeScope(), largest.DetachFromDisposeScope(),
            BlockSize, offset.item<float>());
    }

    /// <summary>
    /// bitsandbytes' dynamic map of eight bits with sign: in each decade the means of neighbours of equal steps from 0.1 to 1, both signs;
    /// zero; one.
    /// </summary>
    internal static float[] Map()
    {
        var values = new List<double> { 0, 1 };
        for (var decade = 0; decade < Decades; decade++)
        {
            var (steps, power) = (1 << decade, Math.Pow(10, decade - (Decades - 1)));
            for (var i = 0; i < steps; i++)
            {
                var value = power * (0.1 + (0.9 * (i + 0.5) / steps));
                values.Add(value);
                values.Add(-value);
            }
        }

        return [.. values.Order().Select(value => (float)value)];
    }
}
