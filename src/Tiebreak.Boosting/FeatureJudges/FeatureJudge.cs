using Tiebreak.Boosting.LearnedGroups;
using Tiebreak.Boosting.Trees;
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
    private readonly TreeModel _trees;
    private readonly int _threads;

    internal FeatureJudge(FeaturePipeline features, TreeModel trees, int threads)
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

    private Preference[] Judge(IReadOnlyList<Battle> battles, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var result = new Preference[battles.Count];
        for (var start = 0; start < battles.Count; start += BatchSize)
        {
            var batch = battles.Skip(start).Take(BatchSize).ToArray();
            var features = _features.Extract(batch, _threads, cancellationToken);
            _trees.PredictBothOrders(features, _features.Schema, _threads).CopyTo(result, start);
            progress?.Report(start + batch.Length);
        }

        return result;
    }

    private List<Reason> Explain(Battle battle, CancellationToken cancellationToken)
    {
        var features = _features.Extract([battle], _threads, cancellationToken);
        var contributions = _trees.Contributions(features[0], _features.Schema, _threads);
        var reasons = contributions.Select((contribution, k) =>
            new Reason(_features.Schema.Describe(k), features[0][k], contribution.TowardsA, contribution.TowardsTie));
        return [.. reasons.OrderByDescending(reason => Math.Max(Math.Abs(reason.TowardsA), Math.Abs(reason.TowardsTie)))];
    }
}
