using Tiebreak.Hosting.Diagnostics;

namespace Tiebreak.Hosting.Batching;

/// <summary>
/// Battles that wait. The shortest go first, because that makes the mean waiting time smallest; a battle that has waited for half of the
/// time that its caller has goes before all that are not urgent, so that none waits forever. Not safe for several threads at once.
/// </summary>
/// <param name="limits">How much waits, and how much is taken at once.</param>
internal sealed class BatchQueue(BatchLimits limits)
{
    private readonly SortedSet<QueuedBattle> _byLength = new(By(battle => battle.Tokens));
    private readonly SortedSet<QueuedBattle> _byUrgency = new(By(battle => battle.UrgentAt.Ticks));

    /// <summary>Battles that wait.</summary>
    public int Count => _byLength.Count;

    /// <summary>About how many tokens they have.</summary>
    public long Tokens { get; private set; }

    /// <summary>Whether so much more may wait.</summary>
    public bool HasRoomFor(int battles, long tokens) =>
        Count + battles <= limits.QueueBattles && Tokens + tokens <= limits.QueueTokens;

    public void Add(QueuedBattle battle)
    {
        _byLength.Add(battle);
        _byUrgency.Add(battle);
        Tokens += battle.Tokens;
        ServingMeter.Waiting.Add(1);
    }

    /// <summary>Takes a battle out.</summary>
    /// <returns>False if it does not wait any more.</returns>
    public bool Remove(QueuedBattle battle)
    {
        if (!_byLength.Remove(battle))
            return false;
        _byUrgency.Remove(battle);
        Tokens -= battle.Tokens;
        ServingMeter.Waiting.Add(-1);
        return true;
    }

    /// <summary>Takes the next batch: battles that are judged in the same orders of A and B.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Empty if nothing waits.</returns>
    public IReadOnlyList<QueuedBattle> Take(TimeSpan now)
    {
        var batch = new List<QueuedBattle>();
        var tokens = 0L;
        var urgent = _byUrgency.TakeWhile(battle => battle.UrgentAt <= now);
        var others = _byLength.Where(battle => battle.UrgentAt > now);
        foreach (var battle in urgent.Concat(others))
        {
            if (batch.Count > 0 && battle.Orders != batch[0].Orders)
                continue;
            if (batch.Count == limits.BatchBattles || (batch.Count > 0 && tokens + battle.Tokens > limits.BatchTokens))
                break;
            batch.Add(battle);
            tokens += battle.Tokens;
        }

        foreach (var battle in batch)
            Remove(battle);
        return batch;
    }

    private static Comparer<QueuedBattle> By(Func<QueuedBattle, long> key) => Comparer<QueuedBattle>.Create((one, other) =>
        key(one).CompareTo(key(other)) is var order and not 0 ? order : one.Number.CompareTo(other.Number));
}
