using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>
/// Text features and a TF-IDF linear score into boosted trees. The trees see every battle in both orders, so the judge is symmetric by
/// construction; the second order costs only the trees, because swapping a row of features is a change of signs.
/// </summary>
/// <param name="terms">The linear model.</param>
/// <param name="trees">The trees; disposed with the judge.</param>
/// <param name="threads">Threads to use.</param>
public sealed class FeatureJudge(PairLinearModel terms, Booster trees, int threads) : IJudge
{
    /// <summary>Memory stays bounded on any number of battles: features of this many are alive at once.</summary>
    private const int BatchSize = 4096;

    /// <inheritdoc/>
    public bool IsSymmetric => true;

    /// <inheritdoc/>
    public Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Judge(battles, progress, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        trees.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The mean over both orders of what trees say about rows of features.</summary>
    internal static Preference[] PredictBothOrders(Booster trees, FeatureMatrix features, int rounds, int threads)
    {
        var preferences = trees.Predict(features, rounds, threads);
        var swapped = new FeatureMatrix(features.Rows, features.Columns);
        for (var i = 0; i < features.Rows; i++)
            FeatureExtractor.Swap(features[i], swapped[i]);

        var other = trees.Predict(swapped, rounds, threads);
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = SwapAveragedJudge.Mean(preferences[i], other[i].Swapped());
        return preferences;
    }

    private Preference[] Judge(IReadOnlyList<Battle> battles, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var result = new Preference[battles.Count];
        for (var start = 0; start < battles.Count; start += BatchSize)
        {
            var batch = battles.Skip(start).Take(BatchSize).ToArray();
            var features = FeatureExtractor.Extract(batch, threads, progress: null, cancellationToken);
            Parallel.For(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
                FeatureExtractor.SetTerms(features[i], terms.Score(BattleTerms.Of(batch[i], terms.Vocabulary))));
            PredictBothOrders(trees, features, rounds: 0, threads).CopyTo(result, start);
            progress?.Report(start + batch.Length);
        }

        return result;
    }
}
