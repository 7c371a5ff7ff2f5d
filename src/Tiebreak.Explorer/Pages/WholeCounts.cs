using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Pages;

/// <summary>What all battles are like, which nearly every page asks: counted once for as many battles as there are.</summary>
/// <param name="index">The battles.</param>
internal sealed class WholeCounts(BattleIndex index)
{
    private readonly Lock _lock = new();
    private (long Battles, bool HasFindings, BattleCounts Counts)? _last;

    /// <summary>The counts.</summary>
    public BattleCounts Get()
    {
        lock (_lock)
        {
            var progress = index.Progress;
            if (_last is not var (battles, hasFindings, counts) || battles != progress.Battles || hasFindings != progress.HasFindings)
            {
                counts = index.Counts(BattleFilter.Everything);
                _last = (progress.Battles, progress.HasFindings, counts);
            }

            return counts;
        }
    }
}
