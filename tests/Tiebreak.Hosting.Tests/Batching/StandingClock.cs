namespace Tiebreak.Hosting.Tests.Batching;

/// <summary>A clock that stands still until a test moves it, and whose timers ring when a test says so.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks;

    /// <summary>The timers that were set, the first one first.</summary>
    public IReadOnlyList<Timer> Timers
    {
        get
        {
            lock (_timers)
                return [.. _timers];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(dueTime, () => callback(state));
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    internal sealed record Timer(TimeSpan Due, Action Ring) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
