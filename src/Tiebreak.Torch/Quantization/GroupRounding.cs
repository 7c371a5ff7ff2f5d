using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>Four bits with a scale and a zero for each output and group of consecutive inputs, to the nearest (AWQ's rounding).</summary>
internal static class GroupRounding
{
    private const int Most = 15;
    private const double Smallest = 1e-5;

    /// <summary>Numbers, scales and zeros of a weight.</summary>
    /// <param name="weight">float32 [outputs, inputs]; stays the caller's.</param>
    /// <param name="groupSize">Inputs of a group; divides the inputs.</param>
    /// <returns>
    /// Whole numbers from 0 to 15 as int32 [outputs, inputs], zeros likewise and scales in float32, rounded to float16 as they are stored
    /// [outputs, groups].
    /// </returns>
    public static (torch.Tensor Numbers, torch.Tensor Zeros, torch.Tensor Scales) Round(torch.Tensor weight, int groupSize)
    {
        using var scope = torch.NewDisposeScope();
        var groups = weight.view(weight.shape[0], -1, groupSize); // [outputs, groups, inputs of a group]
        var (least, most) = (groups.amin([2]), groups.amax([2]));
        var scales = most.sub(least).ClampMinInPlace(Smallest).DivideInPlace(Most).to(torch.ScalarType.Float16)
            .to(torch.ScalarType.Float32).ClampMinInPlace(Smallest / Most);
        var zeros = least.div(scales).round_().neg_().ClampInPlace(0, Most);
        var numbers = groups.div(scales.unsqueeze(2)).round_().AddInPlace(zeros.unsqueeze(2)).ClampInPlace(0, Most).view(weight.shape);
        return (
            numbers.to(torch.ScalarType.Int32).MoveToOuterDisposeScope(), zeros.to(torch.ScalarType.Int32).MoveToOuterDisposeScope(),
            scales.MoveToOuterDisposeScope());
    }

    /// <summary>The weight after rounding, in float32 [outputs, inputs].</summary>
    /// <param name="weight">float32 [outputs, inputs]; stays the caller's.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    public static torch.Tensor RoundTrip(torch.Tensor weight, int groupSize)
    {
        using var scope = torch.NewDisposeScope();
        var (numbers, zeros, scales) = Round(weight, groupSize);
        var groups = numbers.view(weight.shape[0], -1, groupSize).sub(zeros.unsqueeze(2))
            .to(torch.ScalarType.Float32).mul_(scales.unsqueeze(2));
        return groups.view(weight.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Quantises a weight in AWQ's GEMM layout.</summary>
    /// <param name="weight">float32 [outputs, inputs], outputs a multiple of 8; stays the caller's.</param>
    /// <param name="groupSize">Inputs of a group; divides the inputs.</param>
    public static GroupedWeight QuantizeAwq(torch.Tensor weight, int groupSize)
    {
        using var scope = torch.NewDisposeScope();
        var (numbers, zeros, scales) = Round(weight, groupSize);
        return new GroupedWeight(
            WordPacking.Awq(numbers.t()).DetachFromDisposeScope(),
            WordPacking.Awq(zeros.t()).DetachFromDisposeScope(),
            scales.t().to(torch.ScalarType.Float16).contiguous().DetachFromDisposeScope(),
            groupOfInput: null, NibbleOrder.Awq, bits: 4, groupSize, zeroOffset: 0);
    }
}
