using System.Runtime.InteropServices;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>
/// What the C library has handed out and not got back: memory of tensors. Unlike the memory of the process it does not depend on what the
/// library keeps of what others have freed.
/// </summary>
internal static class NativeHeap
{
    /// <summary>Skips the test where nothing can be said, and lets what other tests left behind be freed before it begins.</summary>
    public static void Prepare()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), nameof(mallinfo2), out _),
            "The C library does not tell what it has handed out (glibc 2.33 does).");
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Bytes in use.</summary>
    public static long InUse()
    {
        var all = mallinfo2();
        return (long)(all.InArenas + all.Mapped);
    }

    /// <summary>The most bytes in use while something runs, looked at every millisecond.</summary>
    public static long MostDuring(Action work)
    {
        var most = InUse();
        using var stop = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            while (!stop.Wait(millisecondsTimeout: 1))
                most = Math.Max(most, InUse());
        });
        watch.Start();
        try
        {
            work();
        }
        finally
        {
            stop.Set();
            watch.Join();
        }

        return most;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable IDE1006, SA1300 // the name that malloc.h gives it
    private static extern MallocInformation mallinfo2();
#pragma warning restore IDE1006, SA1300

    /// <summary>struct mallinfo2 of malloc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInformation
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _freeFastChunks;
        private readonly nuint _mappedChunks;
        public readonly nuint Mapped;
        private readonly nuint _unused;
        private readonly nuint _freeFastBytes;
        public readonly nuint InArenas;
        private readonly nuint _freeBytes;
        private readonly nuint _releasable;
    }
}
