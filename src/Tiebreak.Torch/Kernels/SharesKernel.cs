using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// The shares of attention and their gradient in one pass each: scores are scaled, masked, normalised in float32 and dropped from, where
/// operators of libtorch take six passes and keep a copy in float32.
/// </summary>
internal static unsafe class SharesKernel
{
    private const int Lanes = RowPart.Lanes;
    private const int MostOnStack = 1 << 13; // powers of a row
    private const float Log2E = 1.44269504f;

    /// <summary>softmax(scale * scores) over the keys that each query sees.</summary>
    /// <param name="scores">
    /// [..., queries, keys], contiguous, float32 or bfloat16 on the CPU (<see cref="TensorMemory.HoldsPlain"/>).
    /// </param>
    /// <param name="view">Which keys.</param>
    /// <param name="queries">How many queries follow each other: they repeat where heads are grouped.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mask">What is dropped; null: nothing.</param>
    /// <returns>
    /// The shares, and what dropout leaves of them (the shares themselves where nothing is dropped), in the caller's dispose scope.
    /// </returns>
    public static (torch.Tensor Shares, torch.Tensor Dropped) Normalise(
        torch.Tensor scores, AttentionView view, int queries, float scale, DropoutMask? mask)
    {
        var shares = torch.empty(scores.shape, scores.dtype);
        var dropped = mask is null ? shares : torch.empty(scores.shape, scores.dtype);
        if (scores.dtype is torch.ScalarType.BFloat16)
            Normalise<BFloat16Format>(scores, view, queries, scale, mask, shares, dropped);
        else
            Normalise<Float32Format>(scores, view, queries, scale, mask, shares, dropped);
        return (shares, dropped);
    }

    /// <summary>The gradient of the scores.</summary>
    /// <param name="shares">The shares before dropout.</param>
    /// <param name="gradient">The gradient of what dropout left, contiguous.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mask">What was dropped; null: nothing.</param>
    /// <returns>The shape and type of the scores, in the caller's dispose scope.</returns>
    public static torch.Tensor Gradient(torch.Tensor shares, torch.Tensor gradient, float scale, DropoutMask? mask)
    {
        var result = torch.empty(shares.shape, shares.dtype);
        if (shares.dtype is torch.ScalarType.BFloat16)
            Gradient<BFloat16Format>(shares, gradient, scale, mask, result);
        else
            Gradient<Float32Format>(shares, gradient, scale, mask, result);
        return result;
    }

    private static void Normalise<TFormat>(
        torch.Tensor scores, AttentionView view, int queries, float scale, DropoutMask? mask, torch.Tensor shares, torch.Tensor dropped)
        where TFormat : IElementFormat
    {
        var (rows, keys) = (scores.shape[^2], (int)scores.shape[^1]);
        byte* source = (byte*)TensorMemory.Address<TFormat>(scores), target = (byte*)TensorMemory.Address<TFormat>(shares);
        var left = mask is null ? null : (byte*)TensorMemory.Address<TFormat>(dropped);
        TensorMemory.InParallel(scores.numel() / keys, keys, row =>
        {
            var offset = row * keys * TFormat.Size;
            var query = (int)(row % rows % queries);
            NormaliseRow<TFormat>(source + offset, view.FirstKey(query), view.AfterLastKey(query, keys), keys, scale, target + offset);
            if (mask is { } factors)
                Drop<TFormat>(target + offset, row * keys, keys, factors, left + offset);
        });
    }

    [SkipLocalsInit]
    private static void NormaliseRow<TFormat>(byte* scores, int begin, int end, int keys, float scale, byte* shares)
        where TFormat : IElementFormat
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = begin; i < end; i += Lanes)
        {
            var values = RowPart.Load<TFormat>(scores + (i * TFormat.Size), end - i, float.NegativeInfinity);
            largest = Vector512.MaxNative(largest, values * scale);
        }

        var height = Vector512.Create(AttentionRow.Largest(largest)); // NaN may be lost here; its power is NaN, and the sum

        var room = end - begin + Lanes;
        var kept = room <= MostOnStack ? stackalloc float[room] : new float[room];
        fixed (float* powers = kept)
        {
            var sums = Vector512<float>.Zero;
            for (var i = begin; i < end; i += Lanes)
            {
                var values = RowPart.Load<TFormat>(scores + (i * TFormat.Size), end - i, float.NegativeInfinity);
                var depth = (values * scale) - height;
                var power = typeof(TFormat) == typeof(BFloat16Format) && WideTile.IsSupported
                    ? Exponential.CoarseOfTwo(depth * Log2E)
                    : Exponential.Of(depth);
                power.Store(powers + (i - begin));
                sums += power;
            }

            var inverse = 1 / Vector512.Sum(sums);
            Clear<TFormat>(shares, 0, begin);
            for (var i = begin; i < end; i += Lanes)
                RowPart.Store<TFormat>(Vector512.Load(powers + (i - begin)) * inverse, shares + (i * TFormat.Size), end - i);
            Clear<TFormat>(shares, end, keys);
        }
    }

    private static void Drop<TFormat>(byte* shares, long first, int keys, DropoutMask mask, byte* dropped)
        where TFormat : IElementFormat
    {
        for (var i = 0; i < keys; i += Lanes)
        {
            var offset = i * TFormat.Size;
            var left = RowPart.Load<TFormat>(shares + offset, keys - i, 0) * mask.Of(first + i);
            RowPart.Store<TFormat>(left, dropped + offset, keys - i);
        }
    }

    private static void Clear<TFormat>(byte* shares, int begin, int end)
        where TFormat : IElementFormat => new Span<byte>(shares + (begin * TFormat.Size), (end - begin) * TFormat.Size).Clear();

    private static void Gradient<TFormat>(torch.Tensor shares, torch.Tensor gradient, float scale, DropoutMask? mask, torch.Tensor result)
        where TFormat : IElementFormat
    {
        var keys = (int)shares.shape[^1];
        byte* share = (byte*)TensorMemory.Address<TFormat>(shares), outer = (byte*)TensorMemory.Address<TFormat>(gradient);
        var target = (byte*)TensorMemory.Address<TFormat>(result);
        TensorMemory.InParallel(shares.numel() / keys, keys, row =>
        {
            var offset = row * keys * TFormat.Size;
            GradientRow<TFormat>(share + offset, outer + offset, row * keys, keys, scale, mask, target + offset);
        });
    }

    // share * (gradient - the mean of gradients that the shares weigh).
    [SkipLocalsInit]
    private static void GradientRow<TFormat>(
        byte* shares, byte* gradient, long first, int keys, float scale, DropoutMask? mask, byte* result)
        where TFormat : IElementFormat
    {
        var room = keys + Lanes;
        var kept = room <= MostOnStack ? stackalloc float[room] : new float[room];
        fixed (float* outer = kept)
        {
            var sums = Vector512<float>.Zero;
            for (var i = 0; i < keys; i += Lanes)
            {
                var values = RowPart.Load<TFormat>(gradient + (i * TFormat.Size), keys - i, 0);
                var left = mask is { } factors ? values * factors.Of(first + i) : values;
                left.Store(outer + i);
                sums += RowPart.Load<TFormat>(shares + (i * TFormat.Size), keys - i, 0) * left;
            }

            var mean = Vector512.Create(Vector512.Sum(sums));
            for (var i = 0; i < keys; i += Lanes)
            {
                var offset = i * TFormat.Size;
                var scaled = RowPart.Load<TFormat>(shares + offset, keys - i, 0) * scale;
                RowPart.Store<TFormat>(scaled * (Vector512.Load(outer + i) - mean), result + offset, keys - i);
            }
        }
    }
}
