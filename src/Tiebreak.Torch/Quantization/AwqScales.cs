using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// The scales of AWQ (https://arxiv.org/abs/2306.00978): inputs that are large on average are multiplied before rounding, by a power of
/// their size that a search over a grid finds; what comes before the layer is divided by the same.
/// </summary>
internal static class AwqScales
{
    private const int Steps = 20;
    private const double Smallest = 1e-4;

    /// <summary>Finds the scales for layers that share their inputs.</summary>
    /// <param name="weights">float32 [outputs, inputs] each; stay the caller's.</param>
    /// <param name="means">The mean size of each input [inputs].</param>
    /// <param name="sample">Some rows of inputs [rows, inputs], on which outputs before and after are compared.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <returns>Factors of the weights' columns [inputs]; all ones where rounding plainly is best.</returns>
    public static torch.Tensor Search(IReadOnlyList<torch.Tensor> weights, torch.Tensor means, torch.Tensor sample, int groupSize)
    {
        using var scope = torch.NewDisposeScope();
        var best = torch.ones_like(means);
        var least = Loss(weights, best, sample, groupSize);
        for (var step = 1; step < Steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            var scales = means.Power(step / (double)Steps).ClampMinInPlace(Smallest);
            scales.div_(scales.max().mul(scales.min()).sqrt());
            var loss = Loss(weights, scales, sample, groupSize);
            if (loss < least)
                (least, best) = (loss, scales.MoveToOuterDisposeScope());
        }

        return best.MoveToOuterDisposeScope();
    }

    /// <summary>The squared change of the layers' outputs.</summary>
    private static double Loss(IReadOnlyList<torch.Tensor> weights, torch.Tensor scales, torch.Tensor sample, int groupSize)
    {
        var loss = 0.0;
        foreach (var weight in weights)
        {
            using var scope = torch.NewDisposeScope();
            var change = GroupRounding.RoundTrip(weight.mul(scales), groupSize).div_(scales).sub_(weight);
            loss += sample.matmul(change.t()).Square().sum().item<float>();
        }

        return loss;
    }
}
