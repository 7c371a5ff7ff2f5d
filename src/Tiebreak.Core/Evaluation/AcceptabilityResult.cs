using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>
/// How well the probability that neither response is acceptable foretells the label "both bad", beside the share of that label on the same
/// rows, which is the best constant.
/// </summary>
/// <param name="Rows">Battles with a verdict and a probability.</param>
/// <param name="BothBad">Those that people called both bad.</param>
/// <param name="Expected">How many the probabilities add up to: as many, where they are calibrated.</param>
/// <param name="LogLoss">The mean log loss of the question, in nats.</param>
/// <param name="LogLossOfShare">That of the share.</param>
/// <param name="Difference">95 % interval of the first minus the second, paired, by bootstrap over prompts.</param>
/// <param name="Brier">The mean squared difference between probability and label (Brier 1950).</param>
/// <param name="BrierOfShare">That of the share.</param>
internal sealed record AcceptabilityResult(
    int Rows,
    int BothBad,
    double Expected,
    double LogLoss,
    double LogLossOfShare,
    [property: JsonPropertyName("difference_ci")] Interval Difference,
    double Brier,
    double BrierOfShare)
{
    /// <summary>Compares probabilities with labels.</summary>
    /// <param name="probabilities">The probability of every row.</param>
    /// <param name="isBothBad">Whether people called both bad.</param>
    /// <param name="groups">The prompt group of every row.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static AcceptabilityResult Of(
        IReadOnlyList<double> probabilities, IReadOnlyList<bool> isBothBad, IReadOnlyList<int> groups, ulong seed, int threads)
    {
        var bothBad = isBothBad.Count(label => label);
        var share = (double)bothBad / isBothBad.Count;
        double[] losses = [.. probabilities.Zip(isBothBad, LossOf)];
        double[] ofShare = [.. isBothBad.Select(label => LossOf(share, label))];
        double[] differences = [.. losses.Zip(ofShare, (one, other) => one - other)];
        return new AcceptabilityResult(
            isBothBad.Count, bothBad, probabilities.Sum(), losses.Average(), ofShare.Average(),
            ClusterBootstrap.OfMean(differences, groups, seed, threads: threads),
            probabilities.Zip(isBothBad, SquareOf).Average(), isBothBad.Average(label => SquareOf(share, label)));
    }

    private static double LossOf(double probability, bool label) =>
        -Math.Log(Math.Max(label ? probability : 1 - probability, Metrics.LogLoss.Epsilon));

    private static double SquareOf(double probability, bool label) => Math.Pow(probability - (label ? 1 : 0), 2);
}
