using System.Runtime.InteropServices;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>What glibc's malloc has handed out: <c>struct mallinfo2</c> of malloc.h, from version 2.33 on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MallocInformation
{
    private readonly nuint _arena;
    private readonly nuint _freeChunks;
    private readonly nuint _freeFastChunks;
    private readonly nuint _mappedChunks;
    private readonly nuint _mapped;
    private readonly nuint _unused;
    private readonly nuint _freeFastBytes;
    private readonly nuint _inArenas;
    private readonly nuint _freeBytes;
    private readonly nuint _releasable;

    /// <summary>Whether the C library of this process tells it.</summary>
    public static bool IsKnown => OperatingSystem.IsLinux()
        && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), nameof(mallinfo2), out _);

    /// <summary>Bytes in use.</summary>
    public static long InUse()
    {
        var all = mallinfo2();
        return (long)(all._inArenas + all._mapped);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable IDE1006, SA1300 // the name that malloc.h gives it
    private static extern MallocInformation mallinfo2();
#pragma warning restore IDE1006, SA1300
}
