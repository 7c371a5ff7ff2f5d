using System.Runtime;

namespace Tiebreak.Data.Input;

/// <summary>
/// Puts off garbage collections while battles are read that all stay in memory: a collection would free next to nothing and copy
/// everything, which takes a third of the time of reading. Where more memory is needed than was expected, the runtime collects as ever.
/// </summary>
internal sealed class CollectionPause : IDisposable
{
    private const long Smallest = 16 << 20; // smaller files are read before the first collection
    private const double MemoryPerByte = 2.5; // two bytes for a character, and the objects
    private const int ShareOfMachine = 4;

    private static int _isTaken; // the runtime has one pause for the process

    private CollectionPause()
    {
    }

    /// <summary>Begins a pause for files to be read; null where there is none to be had.</summary>
    public static CollectionPause? For(IEnumerable<string> paths)
    {
        var expected = (long)(MemoryPerByte * paths.Sum(path => File.Exists(path) ? new FileInfo(path).Length : 0));
        var size = Math.Min(expected, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMachine);
        if (size < Smallest || Interlocked.Exchange(ref _isTaken, 1) == 1)
            return null;

        try
        {
            if (GC.TryStartNoGCRegion(size))
                return new CollectionPause();
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or InvalidOperationException)
        {
            // More than the runtime's heap can promise, or whoever hosts this has a pause of its own.
        }

        _isTaken = 0;
        return null;
    }

    public void Dispose()
    {
        // A collection that had to be made has ended the pause.
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
        _isTaken = 0;
    }
}
