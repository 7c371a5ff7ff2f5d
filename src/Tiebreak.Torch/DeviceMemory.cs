using System.Runtime.InteropServices;
using Tiebreak.Core.Judging;

namespace Tiebreak.Torch;

/// <summary>
/// Tells libtorch's errors about memory from its other errors: it has one type for all of them, and only the words differ.
/// </summary>
internal static class DeviceMemory
{
    // c10/core/impl/alloc_cpu.cpp and c10/cuda/CUDACachingAllocator.cpp.
    private static readonly string[] Signs = ["DefaultCPUAllocator", "out of memory", "not enough memory"];

    public static bool IsExhausted(ExternalException exception) =>
        Array.Exists(Signs, sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same error in one sentence, of the type that runs know what to do with.</summary>
    public static DeviceMemoryException Explain(ExternalException exception)
    {
        var line = exception.Message.Split('\n', 2)[0].Trim();
        return new DeviceMemoryException($"Memory does not hold the batch ({line}); fewer tokens at a time may fit.", exception);
    }
}
