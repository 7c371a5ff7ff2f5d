using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// A transformer model as a judge of one order. The model has a thread of its own, on which batches from all callers take turns; results do
/// not depend on what else is in a batch but for rounding (1e-5 in float32).
/// </summary>
internal sealed class TransformerJudge : IJudge, ITokenBudget, IStateSource
{
    private readonly OpenedModel _model;
    private readonly JudgeRecipe _recipe;
    private readonly int _threads;
    private readonly IDisposable? _files;

    /// <param name="model">The model; taken over.</param>
    /// <param name="recipe">How it is read.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="files">The files that it is read from, where they are to go with it.</param>
    internal TransformerJudge(OpenedModel model, JudgeRecipe recipe, int threads, IDisposable? files = null) =>
        (_model, _recipe, _threads, _files) = (model, recipe, threads, files);

    /// <summary>Symmetric for reward models, whose scores of the responses differ, and for probes, which are built so.</summary>
    public JudgeTraits Traits => new()
    {
        IsSymmetric = _recipe.IsSymmetric,
        SharesOrders = !_recipe.IsSymmetric && _model.Scorer.SharesPrefixes,
        CompareScores = GivesScores ? (a, b) => _model.Reading.Read([(float)a, (float)b]) : null,
        TokenBudget = this,
        States = this,
        Notice = _model.Notice,
    };

    /// <inheritdoc/>
    public int MaxTokens => _recipe.Options.MaxTokens;

    /// <inheritdoc/>
    public LossRecord? Losses { get; set; }

    internal OpenedModel Model => _model;

    private bool GivesScores => _recipe.Head is HeadKind.Reward;

    /// <inheritdoc/>
    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) =>
        request.Orders is Orders.Both && Traits.SharesOrders
            ? JudgeBothAsync(request, cancellationToken)
            : request.AnswerAsync((battles, progress) => JudgeAsync(battles, progress, cancellationToken), Traits.IsSymmetric);

    /// <inheritdoc/>
    public Task MeasureLossesAsync(LossRecord losses, CancellationToken cancellationToken = default) =>
        _model.Scorer.MeasureLossesAsync(losses, cancellationToken);

    /// <inheritdoc/>
    public async Task<PooledStates[]> EmbedAsync(
        IReadOnlyList<Battle> battles,
        EmbeddingPooling pooling = EmbeddingPooling.Mean,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var embedder = await BattleEmbedder.OfAsync(_model, _recipe, _threads).ConfigureAwait(false);
        await using var closing = embedder.ConfigureAwait(false);
        return await embedder.EmbedAsync(battles, pooling, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _model.Scorer.DisposeAsync().ConfigureAwait(false);
        _files?.Dispose();
    }

    // Both orders together: what they begin with, the prompt, is computed once.
    private async Task<JudgeOutcome[]> JudgeBothAsync(JudgeRequest request, CancellationToken cancellationToken)
    {
        Battle[] shown = [.. request.Battles.SelectMany(battle => new[] { battle, battle.Swapped() })];
        var progress = request.Progress is { } all ? new PairProgress(all) : null;
        var outcomes = await JudgeAsync(shown, progress, cancellationToken).ConfigureAwait(false);
        return [.. outcomes.Chunk(2).Select(orders => JudgeOutcome.Join(orders[0], orders[1].OfExchanged()))];
    }

    private async Task<JudgeOutcome[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var outputs = await _model.Scorer.ScoreAsync(battles, Losses, finished: null, progress, cancellationToken).ConfigureAwait(false);
        return [.. outputs.Select((row, i) => BattleScorer.ProblemOf(row, battles[i]) is { } problem
            ? JudgeOutcome.Of(new JudgeFailure(FailureCode.InvalidAnswer, problem))
            : JudgeOutcome.Of(_model.Reading.Read(row)) with { Scores = GivesScores ? (row[0], row[1]) : null })];
    }

    private sealed class PairProgress(IProgress<int> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(value / 2);
    }
}
