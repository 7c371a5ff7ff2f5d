using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>Everything that a report says about preferences: not only how large the loss is, but where it comes from.</summary>
public sealed record DetailedEvaluation
{
    /// <summary>Bins of <see cref="Histogram"/>, of equal width from 0 to 1.</summary>
    public const int HistogramBins = 20;

    private const int MissesKept = 12;

    /// <summary>The metrics over all rows.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>How well the better side is told, ties apart; null where nobody measured it.</summary>
    internal DecisiveResult? Decisive { get; private init; }

    /// <summary>What looks wrong with the preferences as a whole.</summary>
    internal IReadOnlyList<PredictionAlarm> Alarms { get; private init; } = [];

    /// <summary>Trivial baselines on the same rows.</summary>
    public required IReadOnlyList<Baseline> Baselines { get; init; }

    /// <summary>What another temperature would gain.</summary>
    public required TemperatureRefit Refit { get; init; }

    /// <summary>The reliability diagram of each outcome's probability.</summary>
    public required IReadOnlyDictionary<Outcome, IReadOnlyList<ReliabilityBin>> Reliability { get; init; }

    /// <summary>For each outcome, the share of rows whose predicted probability falls into each bin.</summary>
    public required IReadOnlyDictionary<Outcome, IReadOnlyList<double>> Histogram { get; init; }

    /// <summary>The results of every slicing that was asked for.</summary>
    public required IReadOnlyList<(Slicing Slicing, IReadOnlyList<SliceResult> Results)> Slices { get; init; }

    /// <summary>The rows with the highest loss, worst first.</summary>
    public required IReadOnlyList<Miss> Misses { get; init; }

    /// <summary>Looks at preferences from every side.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="slicings">How to cut the battles.</param>
    /// <param name="seed">Seed of folds, bootstrap and simulated calibration bands.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <exception cref="InputException">All battles are about one prompt.</exception>
    public static DetailedEvaluation Create(
        IReadOnlyList<Preference> predicted,
        LabelledBattles labelled,
        IReadOnlyList<Slicing> slicings,
        ulong seed = 0,
        int threads = -1) => new()
        {
            Result = Evaluator.Evaluate(predicted, labelled, seed, threads),
            Decisive = DecisiveResult.Of(predicted, labelled, seed, threads),
            Alarms = PredictionAlarms.Find(predicted, labelled),
            Baselines = Baseline.Compare(predicted, labelled, seed, threads),
            Refit = TemperatureRefit.Of(predicted, labelled, seed, threads),
            Reliability = PerOutcome(outcome => Metrics.Reliability.Of(predicted, labelled.Targets, outcome)),
            Histogram = PerOutcome(outcome => Count(predicted, outcome)),
            Slices = Evaluator.EvaluateBy(predicted, labelled, slicings, seed, threads),
            Misses = Worst(predicted, labelled),
        };

    private static Dictionary<Outcome, IReadOnlyList<T>> PerOutcome<T>(Func<Outcome, IReadOnlyList<T>> of) =>
        Enum.GetValues<Outcome>().ToDictionary(outcome => outcome, of);

    private static double[] Count(IReadOnlyList<Preference> predicted, Outcome outcome)
    {
        var shares = new double[HistogramBins];
        foreach (var preference in predicted)
            shares[Math.Min((int)(preference[outcome] * HistogramBins), HistogramBins - 1)] += 1.0 / predicted.Count;
        return shares;
    }

    private static List<Miss> Worst(IReadOnlyList<Preference> predicted, LabelledBattles labelled)
    {
        var losses = LogLoss.PerRow(predicted, labelled.Targets);
        return
        [
            .. Enumerable.Range(0, losses.Length).OrderByDescending(i => losses[i]).Take(MissesKept)
                .Select(i => new Miss(labelled.Battles[i], predicted[i], losses[i])),
        ];
    }
}

/// <summary>A battle on which the judge was wrong and sure of itself.</summary>
/// <param name="Battle">The battle with what people said.</param>
/// <param name="Predicted">What the judge said.</param>
/// <param name="LogLoss">The loss of this row.</param>
public sealed record Miss(Battle Battle, Preference Predicted, double LogLoss);
