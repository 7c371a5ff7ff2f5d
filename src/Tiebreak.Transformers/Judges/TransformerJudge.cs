using Tiebreak.Core.Battles;
using Tiebreak.Tokenization.Budgets;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// A transformer model as a judge of one order. The model has a thread of its own, on which batches from all callers take turns; results do
/// not depend on what else is in a batch but for rounding (1e-5 in float32).
/// </summary>
public sealed class TransformerJudge : IBudgetedJudge
{
    private readonly OpenedModel _model;
    private readonly JudgeRecipe _recipe;

    internal TransformerJudge(OpenedModel model, JudgeRecipe recipe) => (_model, _recipe) = (model, recipe);

    /// <summary>True for reward models: each response has a score of its own, and only the difference counts.</summary>
    public bool IsSymmetric => _recipe.Head is JudgeHead.Reward;

    /// <inheritdoc/>
    public int MaxTokens => _recipe.Options.MaxTokens;

    internal OpenedModel Model => _model;

    internal JudgeRecipe Recipe => _recipe;

    /// <inheritdoc/>
    public async Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var outputs = await _model.Scorer.ScoreAsync(battles, progress, cancellationToken);
        return Array.ConvertAll(outputs, row => _model.Reading.Read(row));
    }

    /// <inheritdoc/>
    public Task<BudgetReport> MeasureLossesAsync(IReadOnlyList<Battle> battles, CancellationToken cancellationToken = default) =>
        _model.Scorer.MeasureLossesAsync(battles, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _model.Scorer.DisposeAsync();
}
