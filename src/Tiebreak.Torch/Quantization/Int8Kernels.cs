using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Operators;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// What stands around a product of int8 (W8A8, https://arxiv.org/abs/2206.01861): the numbers of a token become whole steps, of which the
/// largest has 127, and sums of products become numbers again. Each in one pass over memory; the processor has AVX2. Where there is no
/// AVX-512, vectors of sixteen are emulated.
/// </summary>
internal static unsafe class Int8Kernels
{
    private const int Lanes = 8;
    private const int WideLanes = 16;

    /// <summary>Rounds one row.</summary>
    /// <typeparam name="TFormat">What the elements of the row are.</typeparam>
    /// <param name="row">The numbers.</param>
    /// <param name="width">How many they are.</param>
    /// <param name="target">Gets as many steps from -127 to 127.</param>
    /// <returns>The size of a step, positive; NaN where a number is none.</returns>
    public static float Round<TFormat>(byte* row, int width, short* target)
        where TFormat : IElementFormat
    {
        var step = StepOf<TFormat>(row, width);
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

    /// <summary>
    /// Rounds one row to bytes: steps from -127 to 127, and <see cref="PackedInt8Product.Zero"/>. For processors that have AVX-512.
    /// </summary>
    /// <typeparam name="TFormat">What the elements of the row are.</typeparam>
    /// <param name="row">The numbers.</param>
    /// <param name="width">How many they are.</param>
    /// <param name="target">Gets as many bytes.</param>
    /// <returns>The size of a step, positive; NaN where a number is none.</returns>
    public static float RoundToBytes<TFormat>(byte* row, int width, byte* target)
        where TFormat : IElementFormat
    {
        var step = StepOf<TFormat>(row, width);
        var steps = Vector512.Create(step);
        var i = 0;
        for (; i <= width - WideLanes; i += WideLanes)
        {
            var whole = Avx512F.ConvertToVector512Int32(TFormat.LoadSixteen(row + (i * TFormat.Size)) / steps);
            Avx512F.ConvertToVector128Byte((whole + Vector512.Create((int)PackedInt8Product.Zero)).AsUInt32()).Store(target + i);
        }

        for (; i < width; i++)
        {
            var whole = Sse.ConvertToInt32(Vector128.CreateScalar(TFormat.LoadOne(row + (i * TFormat.Size)) / step));
            target[i] = (byte)(whole + PackedInt8Product.Zero);
        }

        return step;
    }

    /// <summary>Makes numbers of the sums of one row: sum * step * scale + bias.</summary>
    /// <typeparam name="TFormat">What the numbers are.</typeparam>
    /// <param name="sums">One an output; may be the target.</param>
    /// <param name="step">The size of the row's step.</param>
    /// <param name="scales">One an output.</param>
    /// <param name="bias">One an output, or null.</param>
    /// <param name="count">How many outputs.</param>
    /// <param name="target">Gets the numbers.</param>
    public static void Scale<TFormat>(float* sums, float step, float* scales, float* bias, int count, byte* target)
        where TFormat : IElementFormat
    {
        var steps = Vector512.Create(step);
        var i = 0;
        for (; i <= count - WideLanes; i += WideLanes)
        {
            var values = Vector512.Load(sums + i) * steps * Vector512.Load(scales + i);
            TFormat.Store(bias is null ? values : values + Vector512.Load(bias + i), target + (i * TFormat.Size));
        }

        if (i == count)
            return;

        // What is left is less than a vector.
        var rest = stackalloc float[WideLanes];
        var stored = stackalloc byte[WideLanes * sizeof(float)];
        for (var lane = 0; lane < count - i; lane++)
            rest[lane] = (sums[i + lane] * step * scales[i + lane]) + (bias is null ? 0 : bias[i + lane]);
        TFormat.Store(Vector512.Load(rest), stored);
        Unsafe.CopyBlockUnaligned(target + (i * TFormat.Size), stored, (uint)((count - i) * TFormat.Size));
    }

    private static float StepOf<TFormat>(byte* row, int width)
        where TFormat : IElementFormat => MathF.Max(Largest<TFormat>(row, width) / sbyte.MaxValue, float.Epsilon);

    // Numbers without their sign are in the order of their bits, with NaN behind all others.
    private static float Largest<TFormat>(byte* row, int width)
        where TFormat : IElementFormat
    {
        var largest = Vector512<int>.Zero;
        var i = 0;
        if (typeof(TFormat) == typeof(BFloat16Format) && Vector512.IsHardwareAccelerated)
        {
            var halves = Vector512<ushort>.Zero;
            for (; i <= width - (2 * WideLanes); i += 2 * WideLanes)
                halves = Vector512.Max(halves, Vector512.Load((ushort*)row + i) & Vector512.Create((ushort)0x7FFF));
            var (lower, upper) = Vector512.Widen(halves);
            largest = (Vector512.Max(lower, upper) << 16).AsInt32();
        }

        for (; i <= width - WideLanes; i += WideLanes)
            largest = Vector512.Max(largest, Vector512.Abs(TFormat.LoadSixteen(row + (i * TFormat.Size))).AsInt32());
        var eight = Vector256.Max(largest.GetLower(), largest.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        var bits = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
        for (; i < width; i++)
            bits = Math.Max(bits, BitConverter.SingleToInt32Bits(MathF.Abs(TFormat.LoadOne(row + (i * TFormat.Size)))));
        return BitConverter.Int32BitsToSingle(bits);
    }
}
