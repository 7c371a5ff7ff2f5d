using Tiebreak.Runs.Leases;

namespace Tiebreak.Runs.Scoring;

/// <summary>Renews the lease of a shard as long as it is not disposed.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly ITimer _timer;

    public Heartbeat(LeaseBook leases, string shard, LeaseTimes times, TimeProvider clock) =>
        _timer = clock.CreateTimer(_ => leases.Renew(shard), state: null, times.Heartbeat, times.Heartbeat);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
