using Tiebreak.Core.Judging;
using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Transformers.Planning;

/// <summary>What a processor computes slowly, in sentences for people.</summary>
internal static class SlowArithmetic
{
    /// <summary>What makes a computation slow on this machine, one sentence each.</summary>
    /// <param name="device">Where it is computed.</param>
    /// <param name="type">What with.</param>
    /// <param name="compute">What linear layers are computed with.</param>
    public static IEnumerable<string> Warnings(string device, DType type, LinearCompute compute)
    {
        if (!device.Split('+').Contains(Placement.Cpu, StringComparer.Ordinal))
            yield break;
        if (type is DType.Float16)
            yield return "float16 has no fast products on the CPU; expect a hundredth of the speed of float32.";
        if (type is DType.BFloat16 && !Cpu.HasBFloat16)
            yield return "this processor has no bfloat16 products; float32 is several times faster here.";
        if (compute is LinearCompute.Int8 && !Cpu.HasInt8Products && !Int8Panels.AreFastest)
        {
            yield return "this processor has no int8 products (AVX2, AVX-512 VNNI); int8 is slower than float32 here, " +
                "and its loss is what can be measured.";
        }
    }
}
