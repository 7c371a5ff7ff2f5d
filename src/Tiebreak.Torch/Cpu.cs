using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch;

/// <summary>What the processor can do that decides how fast libtorch is.</summary>
internal static class Cpu
{
    // Intel's and AMD's manuals: CPUID leaf 7, sub-leaf 1, register EAX, bit 5 (AVX512_BF16) and leaf 7, EDX, bit 22 (AMX-BF16).
    private const int Avx512BFloat16Bit = 1 << 5;
    private const int AmxBFloat16Bit = 1 << 22;

    // Leaf 7, ECX, bit 11 (AVX512_VNNI) and EDX, bit 25 (AMX-INT8).
    private const int Avx512VnniBit = 1 << 11;
    private const int AmxInt8Bit = 1 << 25;

    /// <summary>True if bfloat16 products run in hardware: three times the rate of float32 instead of a fraction of it.</summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported
        && ((X86Base.CpuId(7, 1).Eax & Avx512BFloat16Bit) != 0 || (X86Base.CpuId(7, 0).Edx & AmxBFloat16Bit) != 0);

    /// <summary>
    /// True if int8 products run in hardware (AVX512_VNNI, or AMX-INT8); without, libtorch multiplies int8 slower than float32.
    /// </summary>
    public static bool HasInt8Products { get; } = Avx512F.IsSupported
        && ((X86Base.CpuId(7, 0).Ecx & Avx512VnniBit) != 0 || (X86Base.CpuId(7, 0).Edx & AmxInt8Bit) != 0);

    /// <summary>The vector instructions that libtorch's kernels use here; its variable ATEN_CPU_CAPABILITY can ask for fewer.</summary>
    public static string Capability
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") is { Length: > 0 } asked)
                return $"ATEN_CPU_CAPABILITY={asked}";
            if (Avx512F.IsSupported)
                return HasBFloat16 ? "AVX-512 with bfloat16" : "AVX-512";
            return Avx2.IsSupported ? "AVX2" : "baseline instructions";
        }
    }
}
