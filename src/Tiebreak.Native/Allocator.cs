using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>
/// Settings of the C library's allocator for tensors. By default every large block is mapped from the system anew and given back at once,
/// and the page faults of fresh memory cost more than the arithmetic on it.
/// </summary>
public static partial class Allocator
{
    // malloc.h: parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int MmapMax = -4;

    private static readonly Lazy<bool> Setting = new(Set);

    /// <summary>Makes freed blocks stay with the process for the next tensor; the first call counts.</summary>
    /// <returns>False where the C library is not glibc, or the user has set the allocator through the environment.</returns>
    public static bool KeepFreedBlocks() => Setting.Value;

    private static bool Set()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is not null)
            return false;
        try
        {
            return SetOption(TrimThreshold, int.MaxValue) == 1 && (SetOption(MmapThreshold, 1 << 30) == 1 || SetOption(MmapMax, 0) == 1);
        }
        catch (EntryPointNotFoundException)
        {
            return false; // musl has no mallopt
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int parameter, int value);
}
