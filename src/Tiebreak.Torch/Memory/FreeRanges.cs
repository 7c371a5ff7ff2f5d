namespace Tiebreak.Torch.Memory;

/// <summary>
/// Which parts of a range are taken: best fit, so that long free parts last, and free neighbours become one. Places are bytes from the
/// range's beginning; nothing here touches memory. It is for one thread at a time.
/// </summary>
internal sealed class FreeRanges
{
    // A cache line, and what libtorch's kernels want (c10::gAlignment).
    private const long Alignment = 64;

    private readonly SortedSet<(long Length, long Start)> _free = [];
    private readonly Dictionary<long, long> _lengthAt = []; // of free parts, by their start
    private readonly Dictionary<long, long> _startBefore = []; // of free parts, by their end
    private readonly Dictionary<long, long> _taken = []; // lengths, by start

    /// <summary>Begins with all of it free.</summary>
    /// <param name="length">Bytes.</param>
    public FreeRanges(long length) => AddFree(0, length);

    /// <summary>The bytes that are taken.</summary>
    public long Taken { get; private set; }

    /// <summary>The most that were taken at once.</summary>
    public long MostTaken { get; private set; }

    /// <summary>The free parts.</summary>
    public IEnumerable<(long Start, long Length)> Free => _free.Select(part => (part.Start, part.Length));

    /// <summary>Takes a part: of the shortest free ones that have room, the first.</summary>
    /// <param name="length">Bytes, 1 or more.</param>
    /// <returns>Where it begins, at a multiple of 64; null: no free part is as long.</returns>
    public long? Take(long length)
    {
        var rounded = (length + Alignment - 1) / Alignment * Alignment;
        var fitting = _free.GetViewBetween((rounded, 0), (long.MaxValue, 0)).Min;
        if (fitting.Length < rounded)
            return null;
        RemoveFree(fitting.Start, fitting.Length);
        if (fitting.Length > rounded)
            AddFree(fitting.Start + rounded, fitting.Length - rounded);
        _taken.Add(fitting.Start, rounded);
        Taken += rounded;
        MostTaken = Math.Max(MostTaken, Taken);
        return fitting.Start;
    }

    /// <summary>Whether a part that is taken begins there.</summary>
    public bool IsTaken(long start) => _taken.ContainsKey(start);

    /// <summary>Gives back what <see cref="Take"/> gave.</summary>
    /// <exception cref="ArgumentException">Nothing taken begins there.</exception>
    public void Return(long start)
    {
        if (!_taken.Remove(start, out var length))
            throw new ArgumentException($"Nothing that was taken begins at {start}.", nameof(start));
        Taken -= length;
        if (_startBefore.TryGetValue(start, out var before))
        {
            RemoveFree(before, start - before);
            (start, length) = (before, start + length - before);
        }

        if (_lengthAt.TryGetValue(start + length, out var after))
        {
            RemoveFree(start + length, after);
            length += after;
        }

        AddFree(start, length);
    }

    private void AddFree(long start, long length)
    {
        _free.Add((length, start));
        _lengthAt.Add(start, length);
        _startBefore.Add(start + length, start);
    }

    private void RemoveFree(long start, long length)
    {
        _free.Remove((length, start));
        _lengthAt.Remove(start);
        _startBefore.Remove(start + length);
    }
}
