using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Dropout in one pass that keeps nothing: libtorch draws every number one after the other, fills a tensor with factors and keeps it for
/// the backward pass.
/// </summary>
internal static unsafe class DropoutKernel
{
    private const int Piece = 1 << 12; // elements

    /// <summary>Multiplies each element by its factor.</summary>
    /// <param name="input">Any shape, contiguous, float32 or bfloat16 on the CPU (<see cref="TensorMemory.HoldsPlain"/>).</param>
    /// <param name="mask">The factors.</param>
    /// <returns>The same shape and type, in the caller's dispose scope.</returns>
    public static torch.Tensor Apply(torch.Tensor input, DropoutMask mask)
    {
        var output = torch.empty(input.shape, input.dtype);
        if (input.dtype is torch.ScalarType.BFloat16)
            Apply<BFloat16Format>(input, mask, output);
        else
            Apply<Float32Format>(input, mask, output);
        return output;
    }

    private static void Apply<TFormat>(torch.Tensor input, DropoutMask mask, torch.Tensor output)
        where TFormat : IElementFormat
    {
        byte* source = (byte*)TensorMemory.Address<TFormat>(input), target = (byte*)TensorMemory.Address<TFormat>(output);
        var count = input.numel();
        TensorMemory.InParallel((count + Piece - 1) / Piece, Piece, piece =>
        {
            var end = Math.Min(count, (piece + 1) * Piece);
            for (var i = piece * Piece; i < end; i += RowPart.Lanes)
            {
                var offset = i * TFormat.Size;
                RowPart.Store<TFormat>(RowPart.Load<TFormat>(source + offset, end - i, 0) * mask.Of(i), target + offset, end - i);
            }
        });
    }
}
