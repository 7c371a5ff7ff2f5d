using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// How well a judge tells the better side where people named one: P(A) against P(B), whatever it gives to the tie. The only fair measure
/// on sets without ties, in which a judge that expects ties would otherwise be wrong wherever it calls one.
/// </summary>
/// <param name="Rows">Battles in which people preferred a side.</param>
/// <param name="Accuracy">Share of them in which the judge gives that side more than the other; equal probabilities count half.</param>
/// <param name="AccuracyInterval">95 % interval of the accuracy, by bootstrap over prompts.</param>
/// <param name="LogLoss">
/// Mean log loss in nats with the mass of the tie removed: -ln(P(better) / (P(A) + P(B))); a coin has 0.6931.
/// </param>
/// <param name="LogLossInterval">95 % interval of the log loss, by bootstrap over prompts.</param>
internal sealed record DecisiveResult(
    int Rows,
    double Accuracy,
    [property: JsonPropertyName("accuracy_ci")] Interval AccuracyInterval,
    double LogLoss,
    [property: JsonPropertyName("log_loss_ci")] Interval LogLossInterval)
{
    /// <summary>Whether the judge gives the better side more: 1, 0, or 0.5 where both get the same.</summary>
    /// <param name="said">What the judge said.</param>
    /// <param name="better">The side that people preferred: A or B.</param>
    public static double IsRight(Preference said, Outcome better) =>
        said.A == said.B ? 0.5 : said.A > said.B == (better is Outcome.A) ? 1 : 0;

    /// <summary>Measures preferences on the battles in which people preferred a side; NaN where there are none.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static DecisiveResult Of(IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0, int threads = -1)
    {
        int[] rows = [.. Enumerable.Range(0, labelled.Count).Where(i => labelled.Targets[i].Top is not Outcome.Tie)];
        double[] right = [.. rows.Select(i => IsRight(predicted[i], labelled.Targets[i].Top))];
        double[] losses = [.. rows.Select(i => LossOf(predicted[i], labelled.Targets[i].Top))];
        var groups = PromptGroup.Renumber(rows.Select(i => labelled.Groups[i]));
        var intervals = ClusterBootstrap.OfMeans([right, losses], groups, seed, threads: threads);
        return new DecisiveResult(rows.Length, Mean(right), intervals[0], Mean(losses), intervals[1]);

        static double Mean(double[] values) => values.DefaultIfEmpty(double.NaN).Average();
    }

    // The clip is that of LogLoss: a side that is called impossible and wins costs 36 nats.
    private static double LossOf(Preference said, Outcome better)
    {
        var (a, b) = (Math.Max(said.A, Metrics.LogLoss.Epsilon), Math.Max(said.B, Metrics.LogLoss.Epsilon));
        return Math.Log(a + b) - Math.Log(better is Outcome.A ? a : b);
    }
}
