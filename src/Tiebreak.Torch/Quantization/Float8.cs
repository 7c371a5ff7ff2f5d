using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// The values of <see cref="DType.Float8E4M3"/> (https://arxiv.org/abs/2209.05433): a sign, four bits of exponent with a bias of 7, three
/// of mantissa; the largest is 448, and the code with all bits set but the sign is NaN.
/// </summary>
internal static class Float8
{
    private const int Codes = 256;
    private const int Bias = 7;

    private static readonly float[] Values = [.. Enumerable.Range(0, Codes).Select(ValueOf)];

    /// <summary>The values of codes.</summary>
    /// <param name="codes">uint8, any shape.</param>
    /// <returns>float32 of the same shape, in the caller's dispose scope.</returns>
    public static torch.Tensor Decode(torch.Tensor codes)
    {
        using var scope = torch.NewDisposeScope();
        var table = torch.tensor(Values, device: codes.device);
        return table.index_select(0, codes.flatten().to(torch.ScalarType.Int32)).view(codes.shape).MoveToOuterDisposeScope();
    }

    private static float ValueOf(int code)
    {
        var (sign, exponent, mantissa) = (code < 0x80 ? 1f : -1f, (code >> 3) & 15, code & 7);
        return (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => sign * MathF.ScaleB(mantissa, 1 - Bias - 3),
            _ => sign * MathF.ScaleB(8 + mantissa, exponent - Bias - 3),
        };
    }
}
