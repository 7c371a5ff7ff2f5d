using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Routing;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// Cost against quality over thresholds, on held-out prompts, beside what needs no policy: one model for everything, or the lot.
/// </summary>
public sealed record CostQualityCurve
{
    private const int FewVotes = 10;

    /// <summary>The thresholds of a curve.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [.. Enumerable.Range(1, 19).Select(k => k / 20.0)];

    /// <summary>One point per threshold.</summary>
    public required IReadOnlyList<CurvePoint> Points { get; init; }

    /// <summary>The same for the predictor without prompts.</summary>
    public required IReadOnlyList<CurvePoint> WithoutPrompts { get; init; }

    /// <summary>One model for all prompts, in the order of the costs.</summary>
    public required IReadOnlyList<(string Model, RoutingEstimate Estimate)> Always { get; init; }

    /// <summary>The model that is cheapest on average.</summary>
    public required string Cheapest { get; init; }

    /// <summary>Rows of the sample.</summary>
    public required int Votes { get; init; }

    /// <summary>Measures curves.</summary>
    /// <param name="battles">Held-out battles.</param>
    /// <param name="predictorOf">The policy's predictor for each row, which has not seen it.</param>
    /// <param name="plainOf">The one without prompts.</param>
    /// <param name="costs">The models to choose from.</param>
    /// <param name="thresholds">The thresholds; null for <see cref="Thresholds"/>.</param>
    public static CostQualityCurve Measure(
        LabelledBattles battles, Func<int, IPromptPredictor> predictorOf, Func<int, IPromptPredictor> plainOf, RoutingCosts costs,
        IReadOnlyList<double>? thresholds = null)
    {
        var (sample, plain) = (RoutingSample.Of(battles, predictorOf, costs), RoutingSample.Of(battles, plainOf, costs));
        var cheapest = plain.Cheapest();
        var always = costs.Models.Select((model, place) => (model.Model, plain.Estimate(plain.Always(place)))).ToList();
        var lot = always[cheapest].Item2;
        return new CostQualityCurve
        {
            Points = [.. (thresholds ?? Thresholds).Select(threshold => Point(sample, threshold, lot))],
            WithoutPrompts = [.. (thresholds ?? Thresholds).Select(threshold => Point(plain, threshold, lot))],
            Always = always,
            Cheapest = costs.Models[cheapest].Model,
            Votes = battles.Count,
        };
    }

    private static CurvePoint Point(RoutingSample sample, double threshold, RoutingEstimate cheapest)
    {
        var estimate = sample.Estimate(sample.Choose(threshold));
        var toReference = cheapest.CostShare < 1
            ? Math.Clamp((estimate.CostShare - cheapest.CostShare) / (1 - cheapest.CostShare), 0, 1)
            : 1;
        var random = cheapest.Quality + (toReference * (1 - cheapest.Quality));
        double[] influences = [.. estimate.Influences.Zip(cheapest.Influences, (one, other) => one - ((1 - toReference) * other))];
        var gain = estimate.Quality - random;
        return new CurvePoint(
            threshold, estimate, random, gain, IntervalOf(gain, estimate, random, ClusteredMean.Around(gain, influences, sample.Clusters)));
    }

    // The paired interval leans on the votes of the chosen models; on few of them it is no narrower than the quality's own.
    private static Interval IntervalOf(
        double gain,
        RoutingEstimate estimate,
        double random,
        Interval paired) => estimate.Votes >= FewVotes || paired == new Interval(gain, gain)
            ? paired
            : new Interval(
                Math.Min(paired.Lower, estimate.QualityInterval.Lower - random),
                Math.Max(paired.Upper, estimate.QualityInterval.Upper - random));
}

/// <summary>What a policy costs and how good it is at one threshold.</summary>
/// <param name="Threshold">The probability to win or tie that is good enough.</param>
/// <param name="Estimate">Cost and quality.</param>
/// <param name="RandomQuality">The quality of sending prompts by lot to the cheapest model or to the reference, at the same cost.</param>
/// <param name="Gain">The policy's quality less that.</param>
/// <param name="GainInterval">Its 95 % interval, prompts as clusters.</param>
public sealed record CurvePoint(double Threshold, RoutingEstimate Estimate, double RandomQuality, double Gain, Interval GainInterval);
