using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>
/// Final hidden states of a model for a battle's texts: prompts, responses A, responses B, each between the tokenizer's special tokens, and
/// the pair as a template writes it. What is longer than the model reads is cut as judges cut it: whole turns from the last one back.
/// </summary>
public sealed class BattleEmbedder : IStateSource, IAsyncDisposable
{
    private const int Texts = 4;

    private readonly EmbeddingModel _model;
    private readonly bool _ownsModel;
    private readonly BattleFitter _text;
    private readonly BattleFitter _pair;
    private readonly int _threads;

    private BattleEmbedder(
        EmbeddingModel model, bool ownsModel, BattleTemplate pair, int maxTokens, int threads, ChatTemplate? chat = null)
    {
        (_model, _ownsModel, _threads) = (model, ownsModel, threads);
        _text = new BattleFitter(model.Tokenizer, Alone, BudgetStrategy.Rounds, maxTokens);
        _pair = new BattleFitter(model.Tokenizer, pair, BudgetStrategy.Rounds, maxTokens, chat);
    }

    /// <summary>How a text is written that stands alone.</summary>
    internal static BattleTemplate Alone { get; } = new() { Name = "text", Layout = TemplateLayout.Sections, TurnLabel = "\n\n" };

    /// <summary>An embedder on a judge's model, with its adapter, its tokenizer and its template. Dispose it before the judge.</summary>
    internal static async Task<BattleEmbedder> OfAsync(OpenedModel model, JudgeRecipe recipe, int threads)
    {
        var thread = model.Scorer.Thread;
        var pair = recipe.ReadsApart ? await PairAsync(thread).ConfigureAwait(false) : recipe.Template;
        return new BattleEmbedder(
            new EmbeddingModel(thread, model.Tokenizer), ownsModel: false, pair, recipe.Options.MaxTokens, threads, model.Chat);
    }

    /// <summary>An embedder on a published model; a head is not needed.</summary>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="options">How to embed.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public static Task<BattleEmbedder> OpenAsync(
        string folder, EmbeddingOptions options, CancellationToken cancellationToken = default)
    {
        return EmbeddingModel.OpenAsync(
            folder,
            options,
            async model => new BattleEmbedder(
                model, ownsModel: true, await PairAsync(model.Thread).ConfigureAwait(false), options.MaxTokens, options.Threads),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PooledStates[]> EmbedAsync(
        IReadOnlyList<Battle> battles,
        EmbeddingPooling pooling = EmbeddingPooling.Mean,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var rows = await Task.Run(() => Write(battles, cancellationToken), cancellationToken).ConfigureAwait(false);
        var vectors = await _model.PoolAsync(rows, "battle", pooling, progress, cancellationToken).ConfigureAwait(false);
        return [.. Enumerable.Range(0, battles.Count).Select(i =>
            new PooledStates(vectors[Texts * i], vectors[(Texts * i) + 1], vectors[(Texts * i) + 2], vectors[(Texts * i) + 3]))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsModel ? _model.DisposeAsync() : ValueTask.CompletedTask;

    private static Task<BattleTemplate> PairAsync(ModelThread thread) =>
        thread.LookAsync(model => BattleTemplate.ByName[model.Backbone.IsCausal ? "sections" : "encoder"]);

    // No tokens: there is no such text.
    private TokenSequence[] Write(IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var rows = new TokenSequence[Texts * battles.Count];
        Parallel.For(
            0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken }, i =>
            {
                var battle = battles[i];
                rows[Texts * i] = Text(battle, turn => new Turn(turn.Prompt, null, null));
                rows[(Texts * i) + 1] = Text(battle, turn => new Turn(null, turn.ResponseA, null));
                rows[(Texts * i) + 2] = Text(battle, turn => new Turn(null, null, turn.ResponseB));
                rows[(Texts * i) + 3] = battle.Turns.Count == 0
                    ? new TokenSequence(battle.Id, [])
                    : TokenSequence.Of(battle.Id, _pair.Fit(battle));
            });
        return rows;
    }

    private TokenSequence Text(Battle battle, Func<Turn, Turn> only)
    {
        Turn[] turns = [.. battle.Turns.Select(only).Where(turn => turn != default)];
        return new TokenSequence(battle.Id, turns.Length == 0 ? [] : _text.Fit(battle with { Turns = turns }).Ids);
    }
}
