using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Calibration;

/// <summary>Bins of battles, for what is fitted to each of them by itself.</summary>
/// <param name="By">What battles are divided by.</param>
/// <param name="Edges">The lowest value of every bin but the first, ascending.</param>
internal sealed record BattleBinning(BattleBins By, IReadOnlyList<double> Edges)
{
    // Lengths are cut into three bins of as many battles each.
    private const int LengthBins = 3;
    private static readonly double[] TurnEdges = [2, 4];

    /// <summary>How many bins there are.</summary>
    public int Count => Edges.Count + 1;

    /// <summary>Chooses the edges.</summary>
    public static BattleBinning Fit(BattleBins by, IReadOnlyList<Battle> battles)
    {
        double[] sorted = by == BattleBins.Turns ? [] : [.. battles.Select(battle => Value(by, battle)).Order()];
        return new BattleBinning(by, sorted.Length == 0
            ? TurnEdges
            : [.. Enumerable.Range(1, LengthBins - 1).Select(bin => sorted[sorted.Length * bin / LengthBins]).Distinct()]);
    }

    /// <summary>The bin of a battle, from 0.</summary>
    public int BinOf(Battle battle)
    {
        var value = Value(By, battle);
        return Edges.Count(edge => value >= edge);
    }

    private static double Value(BattleBins by, Battle battle) => by == BattleBins.Turns
        ? battle.Turns.Count
        : battle.Turns.Sum(turn => (double)(turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0));
}

/// <summary>What battles are divided by into bins.</summary>
internal enum BattleBins
{
    /// <summary>Characters of both responses together.</summary>
    Length,

    /// <summary>Turns.</summary>
    Turns,
}
