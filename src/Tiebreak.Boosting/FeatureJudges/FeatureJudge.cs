using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LearnedGroups;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>
/// Text features and scores of learned models into boosted trees. The trees see every battle in both orders, so the judge is symmetric by
/// construction; the second order costs only the trees, because swapping a row of features is a change of signs.
/// </summary>
public sealed class FeatureJudge : IExplainingJudge
{
    /// <summary>Memory stays bounded on any number of battles: features of this many are alive at once.</summary>
    private const int BatchSize = 4096;

    private readonly FeaturePipeline _features;
    private readonly Booster _trees;
    private readonly int _threads;

    internal FeatureJudge(FeaturePipeline features, Booster trees, int threads)
    {
        _features = features;
        _trees = trees;
        _threads = threads;
    }

    /// <inheritdoc/>
    public bool IsSymmetric => true;

    /// <inheritdoc/>
    public Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Judge(battles, progress, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default) =>
        Task.Run<IReadOnlyList<Reason>>(() => Explain(battle, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _trees.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The mean over both orders of what trees say about rows of features.</summary>
    internal static Preference[] PredictBothOrders(Booster trees, FeatureMatrix features, FeatureSchema schema, int rounds, int threads)
    {
        var preferences = trees.Predict(features, rounds, threads);
        var swapped = new FeatureMatrix(features.Rows, features.Columns);
        for (var i = 0; i < features.Rows; i++)
            schema.Swap(features[i], swapped[i]);

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
            var features = _features.Extract(batch, _threads, cancellationToken);
            PredictBothOrders(_trees, features, _features.Schema, rounds: 0, _threads).CopyTo(result, start);
            progress?.Report(start + batch.Length);
        }

        return result;
    }

    private List<Reason> Explain(Battle battle, CancellationToken cancellationToken)
    {
        var features = _features.Extract([battle], _threads, cancellationToken);
        var bothOrders = new FeatureMatrix(2, features.Columns);
        features[0].CopyTo(bothOrders[0]);
        _features.Schema.Swap(features[0], bothOrders[1]);
        var contributions = _trees.Contributions(bothOrders, _threads);

        double Of(int order, Outcome outcome, int feature) => contributions[(((order * 3) + (int)outcome) * (features.Columns + 1)) + feature];

        var reasons = new List<Reason>(features.Columns);
        for (var k = 0; k < features.Columns; k++)
        {
            // The second row is the swapped battle: there, score B is that of A.
            var a = (Of(0, Outcome.A, k) + Of(1, Outcome.B, k)) / 2;
            var b = (Of(0, Outcome.B, k) + Of(1, Outcome.A, k)) / 2;
            var tie = (Of(0, Outcome.Tie, k) + Of(1, Outcome.Tie, k)) / 2;
            reasons.Add(new Reason(_features.Schema.Describe(k), features[0][k], a - b, tie - ((a + b) / 2)));
        }

        return [.. reasons.OrderByDescending(reason => Math.Max(Math.Abs(reason.TowardsA), Math.Abs(reason.TowardsTie)))];
    }
}
