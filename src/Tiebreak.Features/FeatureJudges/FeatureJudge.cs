using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// Text features and scores of learned models into boosted trees, blended with a linear model over the counted features. The trees see
/// every battle in both orders, so the judge is symmetric by construction; the second order costs only the trees, because swapping a row of
/// features is a change of signs.
/// </summary>
internal sealed class FeatureJudge : IJudge, IBattleExplainer, IFeatureSource
{
    /// <summary>Memory stays bounded on any number of battles: features of this many are alive at once.</summary>
    private const int BatchSize = 4096;

    // Waking threads takes longer than the trees of fewer battles.
    private const int FewestForTreeThreads = 16;

    private readonly FeaturePipeline _features;
    private readonly TreeModel _trees;
    private readonly LinearModel? _linear;
    private readonly double _share;
    private readonly LinearModel? _neither;
    private readonly int _threads;

    /// <param name="features">What the trees see.</param>
    /// <param name="trees">The trees; disposed with the judge.</param>
    /// <param name="linear">The linear model, or null.</param>
    /// <param name="share">Its weight beside the trees.</param>
    /// <param name="neither">Says how likely neither response is acceptable, or null; see <see cref="AcceptabilityTrainer"/>.</param>
    /// <param name="threads">Threads to use.</param>
    internal FeatureJudge(
        FeaturePipeline features, TreeModel trees, LinearModel? linear, double share, LinearModel? neither, int threads) =>
        (_features, _trees, _linear, _share, _neither, _threads) = (features, trees, linear, share, neither, threads);

    /// <inheritdoc/>
    public JudgeTraits Traits => new()
    {
        IsSymmetric = true,
        EstimatesAcceptability = _neither is not null,
        Explainer = this,
        Features = this,
        Numbers = _features.Numbers,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns => _features.Schema.Names;

    /// <inheritdoc/>
    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
        (battles, progress) => Task.Run(() => Judge(battles, progress, cancellationToken), cancellationToken), isSymmetric: true);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default) =>
        Task.Run<IReadOnlyList<Reason>>(() => Explain(battle, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<float[][]> ComputeFeaturesAsync(IReadOnlyList<Battle> battles, CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            var features = _features.Extract(battles, _threads, cancellationToken);
            var rows = new float[features.Rows][];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = features[i].ToArray();
            return rows;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _trees.Dispose();
        return ValueTask.CompletedTask;
    }

    private JudgeOutcome[] Judge(IReadOnlyList<Battle> battles, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var result = new JudgeOutcome[battles.Count];
        for (var start = 0; start < battles.Count; start += BatchSize)
        {
            var batch = battles.Skip(start).Take(BatchSize).ToArray();
            var features = _features.Extract(batch, _threads, cancellationToken);
            var threads = batch.Length < FewestForTreeThreads ? 1 : _threads;
            var preferences = _trees.PredictBothOrders(features, _features.Schema, threads);
            for (var i = 0; i < preferences.Length; i++)
            {
                var preference = _linear is null ? preferences[i] : Blend.Of(preferences[i], _linear.Predict(Counted(features, i)), _share);
                result[start + i] = JudgeOutcome.Of(preference) with { NeitherAcceptable = _neither?.Predict(Counted(features, i)).Tie };
            }

            progress?.Report(start + batch.Length);
        }

        return result;
    }

    private List<Reason> Explain(Battle battle, CancellationToken cancellationToken)
    {
        var features = _features.Extract([battle], _threads, cancellationToken);
        var ofTrees = _trees.Contributions(features[0], _features.Schema, _threads);
        var ofLinear = _linear?.Contributions(Counted(features, 0)) ?? [];
        var share = _linear is null ? 0 : _share;
        var reasons = new List<Reason>(features.Columns);
        for (var k = 0; k < features.Columns; k++)
        {
            var (towardsA, towardsTie) = k < ofLinear.Length ? ofLinear[k] : default;
            reasons.Add(new Reason(
                _features.Schema.Describe(k), features[0][k],
                ((1 - share) * ofTrees[k].TowardsA) + (share * towardsA), ((1 - share) * ofTrees[k].TowardsTie) + (share * towardsTie)));
        }

        return [.. reasons.OrderByDescending(reason => Math.Max(Math.Abs(reason.TowardsA), Math.Abs(reason.TowardsTie)))];
    }

    // What is counted stands before what is learned.
    private ReadOnlySpan<float> Counted(FeatureMatrix features, int row) => features[row][.._features.CountedColumns];
}
