using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Quantization;

/// <summary>Rounds the numbers of a token to 255 steps, of which the largest number has 127 (W8A8, https://arxiv.org/abs/2206.01861).</summary>
internal static unsafe class Int8Rounding
{
    private const int Lanes = 8;

    /// <summary>Rounds one row; the processor has AVX2.</summary>
    /// <typeparam name="TFormat">What the elements of the row are.</typeparam>
    /// <param name="row">The numbers.</param>
    /// <param name="width">How many they are.</param>
    /// <param name="target">Gets as many steps, in 16 bits each: what the products of <see cref="Int8Panels"/> read.</param>
    /// <returns>The size of a step, positive; NaN where a number is none.</returns>
    public static float Round<TFormat>(byte* row, int width, short* target)
        where TFormat : IElementFormat
    {
        var step = MathF.Max(Largest<TFormat>(row, width) / sbyte.MaxValue, float.Epsilon);
        var steps = Vector256.Create(step);
        var i = 0;
        for (; i <= width - Lanes; i += Lanes)
        {
            // To the nearest, ties to the even one, as the processor does unless it is told otherwise.
            var whole = Avx.ConvertToVector256Int32(TFormat.Load(row + (i * TFormat.Size)) / steps);
            Sse2.PackSignedSaturate(whole.GetLower(), whole.GetUpper()).Store(target + i);
        }

        for (; i < width; i++)
            target[i] = (short)Sse.ConvertToInt32(Vector128.CreateScalar(TFormat.LoadOne(row + (i * TFormat.Size)) / step));
        return step;
    }

    // Numbers without their sign are in the order of their bits, with NaN behind all others.
    private static float Largest<TFormat>(byte* row, int width)
        where TFormat : IElementFormat
    {
        var largest = Vector256<int>.Zero;
        var i = 0;
        for (; i <= width - Lanes; i += Lanes)
            largest = Vector256.Max(largest, Vector256.Abs(TFormat.Load(row + (i * TFormat.Size))).AsInt32());
        var bits = 0;
        for (var lane = 0; lane < Lanes; lane++)
            bits = Math.Max(bits, largest[lane]);
        for (; i < width; i++)
            bits = Math.Max(bits, BitConverter.SingleToInt32Bits(MathF.Abs(TFormat.LoadOne(row + (i * TFormat.Size)))));
        return BitConverter.Int32BitsToSingle(bits);
    }
}
