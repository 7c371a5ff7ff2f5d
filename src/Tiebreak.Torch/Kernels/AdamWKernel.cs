using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// A step of AdamW (https://arxiv.org/abs/1711.05101) in one pass over memory, which is what it is bound by: operators of libtorch go over
/// it a dozen times and make two tensors as large as the model.
/// </summary>
internal static unsafe class AdamWKernel
{
    private const int Piece = 1 << 12; // elements

    /// <summary>Adds a gradient to what there is, and clears it.</summary>
    /// <param name="sum">float32 [numbers].</param>
    /// <param name="gradient">As many numbers, for which <see cref="TensorMemory.HoldsPlain"/>.</param>
    public static void Accumulate(torch.Tensor sum, torch.Tensor gradient)
    {
        if (gradient.dtype is torch.ScalarType.BFloat16)
            Accumulate<BFloat16Format>(sum, gradient);
        else
            Accumulate<Float32Format>(sum, gradient);
    }

    /// <summary>Takes the step of one parameter, and clears its gradient.</summary>
    /// <param name="parameter">For which <see cref="TensorMemory.HoldsPlain"/>; gets the new values.</param>
    /// <param name="master">float32 [numbers]: its values before rounding; null: the parameter is in float32.</param>
    /// <param name="gradient">float32 [numbers].</param>
    /// <param name="mean">float32 [numbers]: of gradients, decaying.</param>
    /// <param name="square">float32 [numbers]: of squared gradients, decaying.</param>
    /// <param name="step">The step.</param>
    public static void Step(
        torch.Tensor parameter, torch.Tensor? master, torch.Tensor gradient, torch.Tensor mean, torch.Tensor square, AdamWStep step)
    {
        if (parameter.dtype is torch.ScalarType.BFloat16)
            Step<BFloat16Format>(parameter, master!, gradient, mean, square, step);
        else
            Step<Float32Format>(parameter, master ?? parameter, gradient, mean, square, step);
    }

    private static void Accumulate<TFormat>(torch.Tensor sum, torch.Tensor gradient)
        where TFormat : IElementFormat
    {
        var sums = (byte*)TensorMemory.Address<Float32Format>(sum);
        var added = (byte*)TensorMemory.Address<TFormat>(gradient);
        InPieces(gradient.numel(), (i, count) =>
        {
            byte* target = sums + (i * sizeof(float)), source = added + (i * TFormat.Size);
            var total = RowPart.Load<Float32Format>(target, count, 0) + RowPart.Load<TFormat>(source, count, 0);
            RowPart.Store<Float32Format>(total, target, count);
            RowPart.Store<TFormat>(Vector512<float>.Zero, source, count);
        });
    }

    private static void Step<TFormat>(
        torch.Tensor parameter, torch.Tensor master, torch.Tensor gradient, torch.Tensor mean, torch.Tensor square, AdamWStep step)
        where TFormat : IElementFormat
    {
        var rounded = (byte*)TensorMemory.Address<TFormat>(parameter);
        byte* values = (byte*)TensorMemory.Address<Float32Format>(master), gradients = (byte*)TensorMemory.Address<Float32Format>(gradient);
        byte* means = (byte*)TensorMemory.Address<Float32Format>(mean), squares = (byte*)TensorMemory.Address<Float32Format>(square);
        InPieces(parameter.numel(), (i, count) =>
        {
            var offset = i * sizeof(float);
            var slope = Load(gradients) * step.GradientScale;
            var first = (Load(means) * step.MeanDecay) + (slope * step.MeanShare);
            var second = (Load(squares) * step.SquareDecay) + (slope * slope * step.SquareShare);
            var size = (Vector512.Sqrt(second) / step.RootOfSquare) + Vector512.Create(step.Epsilon);
            var value = (Load(values) * step.Keeps) - (first / size * step.Rate);
            Store(Vector512<float>.Zero, gradients);
            Store(first, means);
            Store(second, squares);
            Store(value, values);
            if (rounded != values)
                RowPart.Store<TFormat>(value, rounded + (i * TFormat.Size), count);

            Vector512<float> Load(byte* elements) => RowPart.Load<Float32Format>(elements + offset, count, 0);

            void Store(Vector512<float> elements, byte* target) => RowPart.Store<Float32Format>(elements, target + offset, count);
        });
    }

    // Gets the first of sixteen elements, or fewer at the end, and how many are left.
    private static void InPieces(long count, Action<long, long> compute) =>
        TensorMemory.InParallel((count + Piece - 1) / Piece, Piece, piece =>
        {
            var end = Math.Min(count, (piece + 1) * Piece);
            for (var i = piece * Piece; i < end; i += RowPart.Lanes)
                compute(i, end - i);
        });
}

/// <summary>The numbers of a step that all parameters of a group share.</summary>
/// <param name="GradientScale">The factor of gradients.</param>
/// <param name="MeanDecay">What the mean of gradients keeps of its past.</param>
/// <param name="MeanShare">What it takes of the gradient.</param>
/// <param name="SquareDecay">What the mean of squared gradients keeps.</param>
/// <param name="SquareShare">What it takes of the square.</param>
/// <param name="RootOfSquare">The root of what the mean of squares is too small by.</param>
/// <param name="Epsilon">Added to the root of the mean of squares.</param>
/// <param name="Keeps">What a value keeps where its weight decays.</param>
/// <param name="Rate">The learning rate, by what the mean of gradients is too small by.</param>
internal readonly record struct AdamWStep(
    float GradientScale, float MeanDecay, float MeanShare, float SquareDecay, float SquareShare, float RootOfSquare, float Epsilon,
    float Keeps, float Rate);
