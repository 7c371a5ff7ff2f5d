namespace Tiebreak.Runs.Leases;

/// <summary>How leases are kept and lost.</summary>
internal sealed record LeaseTimes
{
    /// <summary>A holder renews its lease so often. Default: 10 seconds.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A lease that did not change for so long, by the watcher's own clock, is taken away. Default: 60 seconds.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromSeconds(60);
}
