namespace Tiebreak.Hosting.Batching;

/// <summary>
/// How many tokens a judge has lately judged per second: a mean over batches that forgets with a half-life of ten seconds of judging.
/// </summary>
internal sealed class JudgingRate
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    private double _tokens;
    private double _seconds;

    public void Add(long tokens, TimeSpan taken)
    {
        var kept = Math.Pow(0.5, taken / HalfLife);
        _tokens = (_tokens * kept) + tokens;
        _seconds = (_seconds * kept) + taken.TotalSeconds;
    }

    /// <summary>How long so many tokens will take, from one second to ten minutes; one second before anything was measured.</summary>
    public TimeSpan TimeFor(long tokens)
    {
        var seconds = _tokens > 0 ? tokens * _seconds / _tokens : 0;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, Most.TotalSeconds));
    }
}
