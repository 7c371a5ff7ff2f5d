using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>How often each outcome was predicted (most probable outcome) for each outcome that people chose.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts = new int[3, 3];

    /// <summary>Counts the rows. A soft target counts as its most probable outcome.</summary>
    public ConfusionMatrix(IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets)
    {
        for (var i = 0; i < predicted.Count; i++)
            _counts[(int)targets[i].Top, (int)predicted[i].Top]++;
    }

    /// <summary>
    /// Rows on which people chose <paramref name="actual"/> and the judge found <paramref name="predicted"/> most probable.
    /// </summary>
    public int this[Outcome actual, Outcome predicted] => _counts[(int)actual, (int)predicted];
}
