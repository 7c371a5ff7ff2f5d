using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Quantization;

/// <summary>Dequantisation over spans, eight or sixteen numbers at a time.</summary>
internal static class DequantizeKernels
{
    private const int Lanes = 8;

    /// <summary>One input of AWQ: each word holds eight outputs of four bits.</summary>
    /// <param name="words">One for eight outputs.</param>
    /// <param name="shifts">The lowest bit of each of the eight.</param>
    /// <param name="zeros">One an output.</param>
    /// <param name="scales">One an output.</param>
    /// <param name="row">One an output: (q - zero) * scale.</param>
    public static void AcrossOutputs(
        ReadOnlySpan<uint> words, ReadOnlySpan<int> shifts, ReadOnlySpan<int> zeros, ReadOnlySpan<float> scales, Span<float> row)
    {
        if (Avx2.IsSupported)
        {
            var (lanes, mask) = (Vector256.Create(shifts).AsUInt32(), Vector256.Create(15));
            for (var i = 0; i < words.Length; i++)
            {
                var values = Avx2.ShiftRightLogicalVariable(Vector256.Create(words[i]), lanes).AsInt32() & mask;
                Store(values, i * Lanes, zeros, scales, row);
            }

            return;
        }

        for (var i = 0; i < row.Length; i++)
            row[i] = ((int)((words[i / Lanes] >> shifts[i % Lanes]) & 15) - zeros[i]) * scales[i];
    }

    /// <summary>One input of GPTQ: it lies at the same place of every output's word.</summary>
    /// <param name="words">One an output.</param>
    /// <param name="shift">The input's lowest bit.</param>
    /// <param name="bits">How many bits it has.</param>
    /// <param name="zeros">One an output.</param>
    /// <param name="scales">One an output.</param>
    /// <param name="row">One an output: (q - zero) * scale.</param>
    public static void AcrossInputs(
        ReadOnlySpan<uint> words, int shift, int bits, ReadOnlySpan<int> zeros, ReadOnlySpan<float> scales, Span<float> row)
    {
        var mask = (1 << bits) - 1;
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var values = Vector256.ShiftRightLogical(Vector256.LoadUnsafe(in words[i]), shift).AsInt32() & Vector256.Create(mask);
            Store(values, i, zeros, scales, row);
        }

        for (; i < row.Length; i++)
            row[i] = ((int)(words[i] >> shift & (uint)mask) - zeros[i]) * scales[i];
    }

    /// <summary>One block of bitsandbytes' four bits: each byte holds two numbers, the first in its upper half.</summary>
    /// <param name="bytes">Two numbers each.</param>
    /// <param name="table">The sixteen values.</param>
    /// <param name="pairs">Both values of each of the 256 bytes, for processors without a look-up in registers.</param>
    /// <param name="scale">The block's largest value.</param>
    /// <param name="block">Twice as many as bytes: value * scale.</param>
    public static void Codebook(ReadOnlySpan<byte> bytes, Vector512<float> table, ReadOnlySpan<ulong> pairs, float scale, Span<float> block)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // Eight bytes become sixteen numbers: each byte is widened to 64 bits, its upper half goes to the lower number.
            for (; i <= bytes.Length - Lanes; i += Lanes)
            {
                var wide = Avx512F.IsSupported
                    ? Avx512F.ConvertToVector512UInt64(Vector128.CreateScalar(MemoryMarshal.Read<ulong>(bytes[i..])).AsByte())
                    : Vector512.Create(
                        (ulong)bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3], bytes[i + 4], bytes[i + 5], bytes[i + 6], bytes[i + 7]);
                var indices = (wide >>> 4) | ((wide & Vector512.Create(15ul)) << 32);
                (Vector512.Shuffle(table, indices.AsInt32()) * scale).CopyTo(block[(i * 2)..]);
            }
        }

        var target = MemoryMarshal.Cast<float, ulong>(block);
        var rest = i * 2;
        for (; i < bytes.Length; i++)
            target[i] = pairs[bytes[i]];
        for (; rest <= block.Length - Lanes; rest += Lanes)
            (Vector256.LoadUnsafe(in block[rest]) * scale).StoreUnsafe(ref block[rest]);
        for (; rest < block.Length; rest++)
            block[rest] *= scale;
    }

    private static void Store(Vector256<int> values, int at, ReadOnlySpan<int> zeros, ReadOnlySpan<float> scales, Span<float> row)
    {
        var centred = Vector256.ConvertToSingle(values - Vector256.LoadUnsafe(in zeros[at]));
        (centred * Vector256.LoadUnsafe(in scales[at])).StoreUnsafe(ref row[at]);
    }
}
