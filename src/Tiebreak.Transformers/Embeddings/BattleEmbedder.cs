using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>
/// Final hidden states of a model for a battle's texts: prompts, responses A, responses B, each between the tokenizer's special tokens, and the pair as a
/// template writes it. What is longer than the model reads is cut as judges cut it: whole turns from the last one back.
/// </summary>
public sealed class BattleEmbedder : IStateSource, IAsyncDisposable
{
    private const int BatchTokens = 4096;
    private const int Texts = 4;

    private static readonly BattleTemplate Alone = new() { Name = "text", Layout = TemplateLayout.Sections, TurnLabel = "\n\n" };

    private readonly ModelThread _thread;
    private readonly bool _ownsThread;
    private readonly BattleFitter _text;
    private readonly BattleFitter _pair;
    private readonly int _threads;

    private BattleEmbedder(ModelThread thread, bool ownsThread, Tokenizer tokenizer, BattleTemplate pair, int maxTokens, int threads)
    {
        (_thread, _ownsThread, _threads) = (thread, ownsThread, threads);
        _text = new BattleFitter(tokenizer, Alone, BudgetStrategy.Rounds, maxTokens);
        _pair = new BattleFitter(tokenizer, pair, BudgetStrategy.Rounds, maxTokens);
    }

    /// <summary>An embedder on a judge's model, with its adapter, its tokenizer and its template. Dispose it before the judge.</summary>
    internal static async Task<BattleEmbedder> OfAsync(OpenedModel model, JudgeRecipe recipe, int threads)
    {
        var thread = model.Scorer.Thread;
        var pair = recipe.ReadsApart ? await PairAsync(thread) : recipe.Template;
        return new BattleEmbedder(thread, ownsThread: false, model.Tokenizer, pair, recipe.Options.MaxTokens, threads);
    }

    /// <summary>An embedder on a published model; a head is not needed.</summary>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="options">How to embed.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public static async Task<BattleEmbedder> OpenAsync(string folder, EmbeddingOptions options, CancellationToken cancellationToken = default)
    {
        TorchRuntime.Start(options.Threads);
        var tokenizer = TokenizerFile.Open(folder);
        var thread = await ModelThread.StartAsync(() => TransformerModel.Load(folder, options.Type, options.Device, head: HeadKind.None), cancellationToken);
        try
        {
            if (await thread.LookAsync(model => model.Backbone.MaxPositions, cancellationToken) is { } positions && options.MaxTokens > positions)
            {
                throw new InputException(
                    $"{options.MaxTokens} tokens are to be read at once, but the model in {folder} has {positions} positions; " +
                    $"give `max-tokens` {positions} or less.")
                {
                    Parameters = ["max-tokens"],
                };
            }

            return new BattleEmbedder(thread, ownsThread: true, tokenizer, await PairAsync(thread), options.MaxTokens, options.Threads);
        }
        catch
        {
            await thread.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<PooledStates[]> EmbedAsync(
        IReadOnlyList<Battle> battles,
        EmbeddingPooling pooling = EmbeddingPooling.Mean,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var rows = await Task.Run(() => Write(battles, cancellationToken), cancellationToken);
        int[] present = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Tokens.Count > 0)];
        var vectors = new float[]?[rows.Length];
        var done = rows.Length - present.Length;
        foreach (var batch in TokenBatches.Pack([.. present.Select(i => rows[i].Tokens.Count)], BatchTokens))
        {
            TokenSequence[] sequences = [.. batch.Select(k => rows[present[k]])];
            var isMean = pooling is EmbeddingPooling.Mean;
            var values = await _thread.ComputeAsync(
                sequences,
                model => isMean ? TokenSelection.All : model.Backbone.Pooling,
                (_, tokens, hidden) => isMean ? tokens.Mean(hidden) : hidden,
                cancellationToken);
            for (var i = 0; i < batch.Length; i++)
            {
                vectors[present[batch[i]]] = Array.TrueForAll(values[i], float.IsFinite)
                    ? values[i]
                    : throw new TiebreakException($"The model gave a number that is not finite for battle {sequences[i].Id}; compute with float32, or look at the weights.");
            }

            progress?.Report(done += batch.Length);
        }

        return [.. Enumerable.Range(0, battles.Count).Select(i =>
            new PooledStates(vectors[Texts * i], vectors[(Texts * i) + 1], vectors[(Texts * i) + 2], vectors[(Texts * i) + 3]))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsThread ? _thread.DisposeAsync() : ValueTask.CompletedTask;

    private static Task<BattleTemplate> PairAsync(ModelThread thread) =>
        thread.LookAsync(model => BattleTemplate.ByName[model.Backbone.Pooling is TokenSelection.FirstToken ? "encoder" : "sections"]);

    // No tokens: there is no such text.
    private TokenSequence[] Write(IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var rows = new TokenSequence[Texts * battles.Count];
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken }, i =>
        {
            var battle = battles[i];
            rows[Texts * i] = Text(battle, turn => new Turn(turn.Prompt, null, null));
            rows[(Texts * i) + 1] = Text(battle, turn => new Turn(null, turn.ResponseA, null));
            rows[(Texts * i) + 2] = Text(battle, turn => new Turn(null, null, turn.ResponseB));
            rows[(Texts * i) + 3] = new TokenSequence(battle.Id, battle.Turns.Count == 0 ? [] : _pair.Fit(battle).Ids);
        });
        return rows;
    }

    private TokenSequence Text(Battle battle, Func<Turn, Turn> only)
    {
        Turn[] turns = [.. battle.Turns.Select(only).Where(turn => turn != default)];
        return new TokenSequence(battle.Id, turns.Length == 0 ? [] : _text.Fit(battle with { Turns = turns }).Ids);
    }
}
