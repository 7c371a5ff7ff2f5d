using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// GPTQ (https://arxiv.org/abs/2210.17323): inputs are rounded one after the other, and what a rounding changes in the layer's output is
/// made up for by those not yet rounded, by the second moments of the layer's inputs. Four bits, symmetric: the zero is 8.
/// </summary>
internal static class Gptq
{
    private const int Block = 128;
    private const int Most = 15;
    private const int Zero = 8;
    private const double Smallest = 1e-5;
    private const double MostDamping = 1;

    /// <summary>Quantises a weight.</summary>
    /// <param name="weight">[outputs, inputs], both multiples of 8; stays the caller's.</param>
    /// <param name="moments">
    /// X^T X of the layer's inputs [inputs, inputs], float32; only their proportions matter. Stays the caller's.
    /// </param>
    /// <param name="options">Choices.</param>
    /// <exception cref="TiebreakException">The moments cannot be inverted, however they are damped.</exception>
    public static GroupedWeight Quantize(torch.Tensor weight, torch.Tensor moments, GptqOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var (rest, second) = (weight.to(torch.ScalarType.Float32, copy: true), moments.to(torch.ScalarType.Float32, copy: true));

        // Inputs that were never active have no say; their weights are free.
        var idle = second.diagonal().EqualTo(0);
        second.diagonal().MaskedFillInPlace(idle, 1);
        rest.MaskedFillInPlace(idle.unsqueeze(0), 0);

        var order = options.ActOrder ? second.diagonal().argsort(descending: true) : null;
        if (order is not null)
            (rest, second) = (rest.index_select(1, order), second.index_select(0, order).index_select(1, order));
        var (numbers, scales) = Solve(rest, InverseFactor(second, options.Damping), options.GroupSize);

        var inputs = weight.shape[1];
        var groups = TensorArithmetic.Range(0, inputs, type: torch.ScalarType.Int32, device: weight.device)
            .FloorDivide(options.GroupSize).to(torch.ScalarType.Int32);
        if (order is not null)
        {
            var places = order.argsort();
            (numbers, groups) = (numbers.index_select(1, places), groups.index_select(0, places));
        }

        var zeros = torch.empty_like(scales, torch.ScalarType.Int32).FillInPlace(Zero - 1); // stored less one
        return new GroupedWeight(
            WordPacking.Rows(numbers.t()).DetachFromDisposeScope(), WordPacking.Columns(zeros).DetachFromDisposeScope(),
            scales.to(torch.ScalarType.Float16).DetachFromDisposeScope(), groups.DetachFromDisposeScope(), NibbleOrder.Gptq, bits: 4,
            options.GroupSize, zeroOffset: 1);
    }

    /// <summary>The upper Cholesky factor of the inverse; damped more where rounding has made the moments indefinite.</summary>
    private static torch.Tensor InverseFactor(torch.Tensor second, double damping)
    {
        var mean = second.diagonal().mean().item<float>();
        for (; damping <= MostDamping; damping *= 10)
        {
            try
            {
                using var scope = torch.NewDisposeScope();
                var damped = second.clone();
                damped.diagonal().AddInPlace(damping * mean);
                var inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped));
                return torch.linalg.cholesky(inverse).mT.contiguous().MoveToOuterDisposeScope();
            }
            catch (ExternalException)
            {
                // Not positive definite: the next try damps ten times as much.
            }
        }

        throw new TiebreakException("The second moments of a layer's inputs cannot be inverted; calibrate on more rows.");
    }

    /// <returns>Numbers as int32 [outputs, inputs]; scales [groups, outputs].</returns>
    private static (torch.Tensor Numbers, torch.Tensor Scales) Solve(torch.Tensor rest, torch.Tensor factor, int groupSize)
    {
        var (outputs, inputs) = (rest.shape[0], rest.shape[1]);
        var numbers = torch.empty([outputs, inputs], torch.ScalarType.Int32, rest.device);
        var scales = new List<torch.Tensor>();
        for (long start = 0; start < inputs; start += Block)
        {
            var width = Math.Min(Block, inputs - start);
            var errors = torch.empty([outputs, width], device: rest.device);
            for (var column = start; column < start + width; column++)
            {
                // A group's scale follows from what its weights have become when its turn comes.
                if (column % groupSize == 0)
                    scales.Add(ScaleOf(rest.narrow(1, column, Math.Min(groupSize, inputs - column))));
                using var scope = torch.NewDisposeScope();
                var (current, scale, pivot) = (rest.select(1, column), scales[^1], factor[column, column]);
                var rounded = current.div(scale).round_().AddInPlace(Zero).ClampInPlace(0, Most);
                numbers.select(1, column).copy_(rounded);
                var error = current.sub(rounded.SubtractInPlace(Zero).mul_(scale)).div_(pivot); // [outputs]
                errors.select(1, column - start).copy_(error);
                var left = start + width - column;
                rest.narrow(1, column, left).addr_(error, factor.select(0, column).narrow(0, column, left), 1, -1);
            }

            if (start + width < inputs)
            {
                rest.narrow(1, start + width, inputs - start - width)
                    .addmm_(errors, factor.narrow(0, start, width).narrow(1, start + width, inputs - start - width), 1, -1);
            }

            errors.Dispose();
        }

        return (numbers, torch.stack([.. scales]));
    }

    // As it will be stored, so that what is rounded against is what is dequantised.
    private static torch.Tensor ScaleOf(torch.Tensor group) => group.abs().amax([1]).MultiplyInPlace(2.0 / Most).ClampMinInPlace(Smallest)
        .to(torch.ScalarType.Float16).to(torch.ScalarType.Float32);
}

/// <summary>Choices of <see cref="Gptq"/>.</summary>
internal sealed record GptqOptions
{
    /// <summary>Inputs that share a scale.</summary>
    public int GroupSize { get; init; } = 128;

    /// <summary>
    /// Takes inputs in the order of their importance ("act-order", desc_act): a little better, and groups are then scattered.
    /// </summary>
    public bool ActOrder { get; init; }

    /// <summary>Added to the diagonal of the second moments, as a share of its mean.</summary>
    public double Damping { get; init; } = 0.01;
}
