namespace Tiebreak.Hosting.Batching;

/// <summary>A batch that is being judged. It is stopped when nobody waits for any of its battles any more.</summary>
/// <param name="battles">The battles.</param>
internal sealed class RunningBatch(IReadOnlyList<QueuedBattle> battles) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _wanted = battles.Count;

    public IReadOnlyList<QueuedBattle> Battles => battles;

    public CancellationToken Stopped => _stop.Token;

    /// <summary>Says that nobody waits for one of the battles any more. For one thread at a time; it does not run what it stops.</summary>
    public void Abandon()
    {
        if (--_wanted == 0)
            _ = _stop.CancelAsync();
    }

    public void Dispose() => _stop.Dispose();
}
