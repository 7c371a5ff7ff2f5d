using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Routing;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// Held-out prompts with predictions and costs, and what people voted where one of the models met the reference. Says how good a way of
/// choosing is: predictions, corrected by how votes between chosen models and the reference really went (doubly robust: Robins, Rotnitzky
/// and Zhao 1994; Dudík, Langford and Li 2011). Votes are weighed by how rarely their model met the reference, as if all had met it equally
/// often. That is right where models were drawn without regard to the prompt.
/// </summary>
internal sealed class RoutingSample
{
    private readonly RoutingCosts _costs;
    private readonly double[] _probabilities; // [rows, models]
    private readonly double[] _prices; // [rows, models]
    private readonly int[] _opponents;
    private readonly double[] _outcomes;
    private readonly double[] _weights;
    private readonly IReadOnlyList<int> _clusters;

    private RoutingSample(RoutingCosts costs, int rows, IReadOnlyList<int> clusters)
    {
        (_costs, _clusters) = (costs, clusters);
        (_probabilities, _prices) = (new double[rows * costs.Models.Count], new double[rows * costs.Models.Count]);
        (_opponents, _outcomes, _weights) = (new int[rows], new double[rows], new double[costs.Models.Count]);
    }

    public int Rows => _opponents.Length;

    public IReadOnlyList<int> Clusters => _clusters;

    private int Models => _costs.Models.Count;

    /// <summary>Takes battles.</summary>
    /// <param name="battles">The battles; their prompts are the sample.</param>
    /// <param name="predictorOf">The predictor for each row, which has not seen it.</param>
    /// <param name="costs">The models to choose from.</param>
    public static RoutingSample Of(LabelledBattles battles, Func<int, IPromptPredictor> predictorOf, RoutingCosts costs)
    {
        var sample = new RoutingSample(costs, battles.Count, battles.Groups);
        var places = RoutingBattles.Places([.. costs.Models.Select(model => model.Model)]);
        var counts = new int[sample.Models];
        for (var row = 0; row < sample.Rows; row++)
        {
            var battle = battles.Battles[row];
            var prompt = RoutingBattles.OpeningOf(battle);
            costs.Of(prompt, sample._prices.AsSpan(row * sample.Models, sample.Models));
            RoutingPolicy.WinOrTie(
                predictorOf(row), costs, prompt, RoutingBattles.VectorOf(battle),
                sample._probabilities.AsSpan(row * sample.Models, sample.Models));
            var (a, b, target) =
                (places.GetValueOrDefault(battle.ModelA!, -1), places.GetValueOrDefault(battle.ModelB!, -1), battles.Targets[row]);
            (sample._opponents[row], sample._outcomes[row]) = b == costs.Reference ? (a, target.A + target.Tie)
                : a == costs.Reference ? (b, target.B + target.Tie)
                : (-1, 0);
            if (sample._opponents[row] >= 0)
                counts[sample._opponents[row]]++;
        }

        for (var m = 0; m < sample.Models; m++)
            sample._weights[m] = counts[m] == 0 ? 0 : 1.0 / counts[m];
        return sample;
    }

    /// <summary>The choice for each row at a threshold.</summary>
    public int[] Choose(double threshold)
    {
        var choices = new int[Rows];
        for (var row = 0; row < choices.Length; row++)
        {
            choices[row] = RoutingRule.Choose(
                _probabilities.AsSpan(row * Models, Models), _prices.AsSpan(row * Models, Models), _costs.Reference, threshold);
        }

        return choices;
    }

    /// <summary>One model for all rows.</summary>
    public int[] Always(int model) => [.. Enumerable.Repeat(model, Rows)];

    /// <summary>The place of the model that costs least on average.</summary>
    public int Cheapest() =>
        Enumerable.Range(0, Models).MinBy(model => Enumerable.Range(0, Rows).Sum(row => _prices[(row * Models) + model]));

    /// <summary>Estimates cost and quality of choices.</summary>
    public RoutingEstimate Estimate(int[] choices)
    {
        var (predicted, cost, referenceCost, routed, unseen, votes) = (0.0, 0.0, 0.0, 0, 0, 0);
        var (residuals, weights) = (0.0, 0.0);
        for (var row = 0; row < Rows; row++)
        {
            var (choice, place) = (choices[row], row * Models);
            predicted += _probabilities[place + choice] / Rows;
            cost += _prices[place + choice] / Rows;
            referenceCost += _prices[place + _costs.Reference] / Rows;
            if (choice == _costs.Reference)
                continue;
            routed++;
            unseen += _weights[choice] == 0 ? 1 : 0;
            if (_opponents[row] != choice)
                continue;
            votes++;
            residuals += _weights[choice] * (_outcomes[row] - _probabilities[place + choice]);
            weights += _weights[choice];
        }

        var (share, correction) = ((double)routed / Rows, votes == 0 ? 0 : residuals / weights);
        var influences = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var (choice, probability) = (choices[row], _probabilities[(row * Models) + choices[row]]);
            var isRouted = choice != _costs.Reference;
            influences[row] = probability - predicted + (((isRouted ? 1 : 0) - share) * correction);
            if (isRouted && _opponents[row] == choice)
                influences[row] += share * Rows * _weights[choice] / weights * (_outcomes[row] - probability - correction);
        }

        var quality = predicted + (share * correction);
        var interval = Widened(ClusteredMean.Around(quality, influences, _clusters), quality, share, votes);
        return new RoutingEstimate
        {
            Cost = cost,
            CostShare = referenceCost == 0 ? double.NaN : cost / referenceCost,
            ReferenceShare = 1 - share,
            Quality = Math.Clamp(quality, 0, 1),
            QualityInterval = new Interval(Math.Clamp(interval.Lower, 0, 1), Math.Clamp(interval.Upper, 0, 1)),
            Votes = votes,
            UnseenShare = (double)unseen / Rows,
            Influences = influences,
        };
    }

    // Few votes may agree by chance: what is routed is no surer than a share of so many votes can be.
    private static Interval Widened(Interval interval, double quality, double share, int votes)
    {
        if (share == 0)
            return interval;
        var routed = votes == 0 ? new Interval(0, 1) : BinomialInterval.Of(Math.Clamp((quality - (1 - share)) / share, 0, 1), votes);
        return new Interval(
            Math.Min(interval.Lower, 1 - share + (share * routed.Lower)), Math.Max(interval.Upper, 1 - share + (share * routed.Upper)));
    }
}
