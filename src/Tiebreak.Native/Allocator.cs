using System.Runtime.InteropServices;

namespace Tiebreak.Native;

/// <summary>
/// Settings of the C library's allocator for tensors. By default every large block is mapped from the system anew and given back at once,
/// and the page faults of fresh memory cost more than the arithmetic on it.
/// </summary>
internal static partial class Allocator
{
    // malloc.h: parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int MmapMax = -4;
    private const int DefaultTrimThreshold = 128 << 10;
    private const int LargeBlock = 128 << 10;

    private static readonly Lazy<bool> Setting = new(Set);
    private static volatile bool _hasTrim = OperatingSystem.IsLinux();

    /// <summary>Makes freed blocks stay with the process for the next tensor; the first call counts.</summary>
    /// <returns>False where the C library is not glibc, or the user has set the allocator through the environment.</returns>
    internal static bool KeepFreedBlocks() => Setting.Value;

    /// <summary>
    /// Gives freed blocks back to the system, also those of other threads, except what lies at the end of their memory (64 MB a thread at
    /// most). It takes milliseconds, and the next tensors have to be mapped anew. It does nothing where the C library is not glibc.
    /// </summary>
    public static unsafe void ReleaseFreedBlocks()
    {
        if (!_hasTrim)
            return;
        try
        {
            // malloc_trim leaves the end of a thread's memory. It goes when the thread frees a large block while keeping is off.
            var keeps = Setting is { IsValueCreated: true, Value: true };
            if (keeps)
                _ = SetOption(TrimThreshold, DefaultTrimThreshold);
            NativeMemory.Free(NativeMemory.Alloc(LargeBlock));
            _ = Trim(0);
            if (keeps)
                _ = SetOption(TrimThreshold, int.MaxValue);
        }
        catch (EntryPointNotFoundException)
        {
            _hasTrim = false; // musl has no malloc_trim, and always gives large blocks back
        }
    }

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

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keptAtTop);
}
