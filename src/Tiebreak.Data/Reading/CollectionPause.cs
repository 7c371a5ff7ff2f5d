using System.Runtime;
using Tiebreak.Core.Files;

namespace Tiebreak.Data.Reading;

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

    // Every collection ends the pause, and a new pause begins with one: as long as none was made, the pause is this one.
    private readonly int _collections = GC.CollectionCount(0);

    private CollectionPause()
    {
    }

    /// <summary>
    /// Begins a pause for files to be read; null where there is none to be had, or the executable has not allowed pauses: a library must
    /// not stop the collector of its host.
    /// </summary>
    public static CollectionPause? For(IEnumerable<string> paths)
    {
        if (!AppContext.TryGetSwitch(BattleSet.CollectionPauseSwitch, out var isAllowed) || !isAllowed)
            return null;

        var expected = (long)(MemoryPerByte * paths.Sum(path => File.Exists(path) ? FileSize.Of(path) : 0));
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
        try
        {
            if (GC.CollectionCount(0) == _collections && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
                GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // A collection has ended the pause just now.
        }

        _isTaken = 0;
    }
}
