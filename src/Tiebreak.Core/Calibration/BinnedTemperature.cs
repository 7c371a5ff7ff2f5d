using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Calibration;

/// <summary>A temperature for each bin of battles, drawn towards that of all battles, so that small bins do not follow chance.</summary>
/// <param name="By">What battles are divided by.</param>
/// <param name="Edges">The lowest value of every bin but the first, ascending.</param>
/// <param name="Temperatures">One for each bin.</param>
internal sealed record BinnedTemperature(BattleBins By, IReadOnlyList<double> Edges, IReadOnlyList<double> Temperatures) : ICalibration
{
    // Lengths are cut into three bins of as many battles each. Temperatures of bins are taken to differ by about a tenth.
    private const int LengthBins = 3;
    private const double Spread = 0.1;
    private static readonly double[] TurnEdges = [2, 4];

    /// <inheritdoc/>
    public bool IsValid => Temperatures.Count == Edges.Count + 1 && Temperatures.All(value => value > 0 && double.IsFinite(value))
        && Edges.All(double.IsFinite);

    /// <summary>Fits the edges and the temperatures.</summary>
    public static BinnedTemperature Fit(BattleBins by, IReadOnlyList<Preference> preferences, LabelledBattles labelled)
    {
        double[] values = [.. labelled.Battles.Select(battle => Value(by, battle))];
        double[] sorted = [.. values.Order()];
        double[] edges = by == BattleBins.Turns || sorted.Length == 0
            ? TurnEdges
            : [.. Enumerable.Range(1, LengthBins - 1).Select(bin => sorted[sorted.Length * bin / LengthBins]).Distinct()];
        var all = Calibrator.FitTemperature(preferences, labelled.Targets, labelled.Weights);
        var temperatures = Enumerable.Range(0, edges.Length + 1).Select(bin =>
        {
            int[] inside = [.. Enumerable.Range(0, values.Length).Where(i => BinOf(edges, values[i]) == bin)];
            return Temperature.Fit(
                [.. inside.Select(i => preferences[i])], [.. inside.Select(i => labelled.Targets[i])], all, Spread,
                [.. inside.Select(i => labelled.Weights[i])]).Value;
        });
        return new BinnedTemperature(by, edges, [.. temperatures]);
    }

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle) =>
        new Temperature(Temperatures[BinOf(Edges, Value(By, battle))]).Apply(preference);

    private static int BinOf(IReadOnlyList<double> edges, double value) => edges.Count(edge => value >= edge);

    private static double Value(BattleBins by, Battle battle) => by == BattleBins.Turns
        ? battle.Turns.Count
        : battle.Turns.Sum(turn => (double)(turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0));
}

/// <summary>What battles are divided by into bins that have a temperature each.</summary>
internal enum BattleBins
{
    /// <summary>Characters of both responses together.</summary>
    Length,

    /// <summary>Turns.</summary>
    Turns,
}
