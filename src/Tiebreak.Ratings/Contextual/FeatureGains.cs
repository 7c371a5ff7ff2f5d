using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Contextual;

/// <summary>Compares ratings with and without features on votes held out in five folds that keep clusters together.</summary>
public static class FeatureGains
{
    private const int Folds = 5;

    // Keeps ratings finite where a fold leaves somebody without a loss.
    private const double Penalty = 0.1;

    /// <summary>Measures the gain.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="features">Their features.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="seed">Seed of the folds.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static FeatureGain Measure(VoteSet votes, FeatureTable features, int[]? clusters, ulong seed, int threads = -1)
    {
        clusters ??= [.. Enumerable.Range(0, votes.Count)];
        var folds = HeldOut.Folds(clusters, Folds, seed);
        var (plain, contextual) = (new double[votes.Count], new double[votes.Count]);
        for (var fold = 0; fold < Folds; fold++)
        {
            var train = HeldOut.Rows(folds, row => row != fold);
            var test = HeldOut.Rows(folds, row => row == fold);
            if (train.Length == 0 || test.Length == 0)
                continue;
            var without = RatingFit.Of(VoteCounts.Of(votes.At(train)), penalty: Penalty);
            var with = ContextualFit.Of(votes.At(train), features.At(train), strengthPenalty: Penalty, threads: threads);
            foreach (var row in test)
            {
                var (a, b, score) = (votes.ModelA[row], votes.ModelB[row], votes.Score(row));
                plain[row] = Loss(Models.Logistic.Of(without.Strengths[a] - without.Strengths[b]), score);
                contextual[row] = Loss(
                    with.Expected(a, b, features.Values.AsSpan(row * features.Names.Count, features.Names.Count)), score);
            }
        }

        var mean = PairedMean.Of(contextual, plain, votes.Weights, clusters);
        return new FeatureGain(mean.Reference, mean.Value, mean.DifferenceInterval);
    }

    private static double Loss(double expected, double score) => -((score * Math.Log(expected)) + ((1 - score) * Math.Log(1 - expected)));
}

/// <summary>Whether features help to predict votes that were not seen.</summary>
/// <param name="Plain">The mean log loss of Bradley-Terry, a tie being half a win, in nats.</param>
/// <param name="WithFeatures">The same with features.</param>
/// <param name="DifferenceInterval">The 95 % interval of the second less the first: below 0 the features help.</param>
public sealed record FeatureGain(
    [property: JsonPropertyName("log_loss_without")] double Plain,
    [property: JsonPropertyName("log_loss_with")] double WithFeatures,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval);
