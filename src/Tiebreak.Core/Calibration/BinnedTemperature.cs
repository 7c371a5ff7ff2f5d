using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Calibration;

/// <summary>A temperature for each bin of battles, drawn towards that of all battles, so that small bins do not follow chance.</summary>
/// <param name="By">What battles are divided by.</param>
/// <param name="Edges">The lowest value of every bin but the first, ascending.</param>
/// <param name="Temperatures">One for each bin.</param>
internal sealed record BinnedTemperature(BattleBins By, IReadOnlyList<double> Edges, IReadOnlyList<double> Temperatures) : ICalibration
{
    // Temperatures of bins are taken to differ by about a tenth.
    private const double Spread = 0.1;

    private readonly BattleBinning _bins = new(By, Edges);

    /// <inheritdoc/>
    public bool IsValid => Temperatures.Count == Edges.Count + 1 && Temperatures.All(value => value > 0 && double.IsFinite(value))
        && Edges.All(double.IsFinite);

    /// <summary>Fits the edges and the temperatures.</summary>
    public static BinnedTemperature Fit(BattleBins by, IReadOnlyList<Preference> preferences, LabelledBattles labelled)
    {
        var bins = BattleBinning.Fit(by, labelled.Battles);
        int[] binOf = [.. labelled.Battles.Select(bins.BinOf)];
        var all = Calibrator.FitTemperature(preferences, labelled.Targets, labelled.Weights);
        var temperatures = Enumerable.Range(0, bins.Count).Select(bin =>
        {
            int[] inside = [.. Enumerable.Range(0, binOf.Length).Where(i => binOf[i] == bin)];
            return Temperature.Fit(
                [.. inside.Select(i => preferences[i])], [.. inside.Select(i => labelled.Targets[i])], all, Spread,
                [.. inside.Select(i => labelled.Weights[i])]).Value;
        });
        return new BinnedTemperature(by, bins.Edges, [.. temperatures]);
    }

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle) => new Temperature(Temperatures[_bins.BinOf(battle)]).Apply(preference);
}
