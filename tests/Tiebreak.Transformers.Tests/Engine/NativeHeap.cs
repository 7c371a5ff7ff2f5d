using Tiebreak.Torch.Memory;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>
/// What the C library and <see cref="RegionAllocator"/> have handed out and not got back: memory of tensors. Unlike the memory of the
/// process it does not depend on what they keep of what others have freed.
/// </summary>
internal static class NativeHeap
{
    /// <summary>Skips the test where nothing can be said, and lets what other tests left behind be freed before it begins.</summary>
    public static void Prepare()
    {
        Assert.SkipUnless(MallocInformation.IsKnown, "The C library does not tell what it has handed out (glibc 2.33 does).");
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Bytes in use.</summary>
    public static long InUse() => MallocInformation.InUse() + (RegionAllocator.Region?.UsedBytes ?? 0);

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
}
