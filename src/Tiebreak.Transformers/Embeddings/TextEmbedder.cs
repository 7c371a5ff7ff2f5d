using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>
/// Embeds texts with a published transformer model: final hidden states, pooled and scaled to length 1. Each text stands between the
/// tokenizer's special tokens.
/// </summary>
public sealed class TextEmbedder : ITextEmbedder, IAsyncDisposable
{
    private const double MostUnknown = 0.1; // of a text's tokens

    private static readonly EncodeOptions Special = new() { AddSpecialTokens = true };

    private readonly EmbeddingModel _model;
    private readonly EmbeddingPooling _pooling;
    private readonly BattleFitter _fitter;
    private readonly int _maxTokens;
    private readonly int? _unknown; // the token that stands for words outside the vocabulary; byte-level vocabularies have none
    private readonly int _threads;

    private TextEmbedder(EmbeddingModel model, EmbeddingPooling pooling, int maxTokens, int threads)
    {
        (_model, _pooling, _maxTokens, _threads) = (model, pooling, maxTokens, threads);
        _unknown = model.Tokenizer.IdOf("[UNK]") ?? model.Tokenizer.IdOf("<unk>");
        _fitter = new BattleFitter(model.Tokenizer, BattleEmbedder.Alone, BudgetStrategy.Rounds, maxTokens);
    }

    /// <summary>The name of the model's folder.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required int Dimension { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Opens a published model; a head is not needed.</summary>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="options">
    /// How to embed. Where the files of sentence-transformers in the folder state a smaller number of tokens, texts are cut to that.
    /// </param>
    /// <param name="pooling">
    /// How hidden states become one vector: as the model was trained. Null: what those files state, and the mean where there are none.
    /// </param>
    /// <param name="languages">The languages that the model was trained for; null: those that the model card in the folder states.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public static Task<TextEmbedder> OpenAsync(
        string folder,
        EmbeddingOptions options,
        EmbeddingPooling? pooling = null,
        IReadOnlyList<string>? languages = null,
        CancellationToken cancellationToken = default)
    {
        var settings = SentenceSettings.Read(folder);
        options = options with { MaxTokens = Math.Min(options.MaxTokens, settings.MaxTokens ?? int.MaxValue) };
        return EmbeddingModel.OpenAsync(
            folder,
            options,
            async model => new TextEmbedder(
                model, pooling ?? settings.Pooling ?? EmbeddingPooling.Mean, options.MaxTokens, options.Threads)
            {
                ModelId = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
                Dimension = await model.Thread.LookAsync(opened => opened.Backbone.HiddenSize, cancellationToken).ConfigureAwait(false),
                Languages = languages ?? ModelCard.Languages(folder),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public bool IsCut(string text) => _model.Tokenizer.Count(text, Special) > _maxTokens;

    /// <inheritdoc/>
    public bool KnowsWords(string text)
    {
        if (_unknown is not { } unknown)
            return true;
        var ids = _model.Tokenizer.Encode(text);
        return ids.Count(id => id == unknown) <= MostUnknown * ids.Length;
    }

    /// <inheritdoc/>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var rows = await Task.Run(() => Tokenize(texts, cancellationToken), cancellationToken).ConfigureAwait(false);
        var vectors = await _model.PoolAsync(rows, "text", _pooling, progress: null, cancellationToken).ConfigureAwait(false);
        return [.. vectors.Select((vector, i) => Normalised(vector!, i))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private static float[] Normalised(float[] vector, int text)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return length > 0
            ? Array.ConvertAll(vector, value => (float)(value / length))
            : throw new TiebreakException($"The model gave a vector of zeros for text {text}; look at the weights.");
    }

    private TokenSequence[] Tokenize(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (texts.Any(string.IsNullOrEmpty))
            throw new ArgumentException("An empty text has no vector.", nameof(texts));

        var rows = new TokenSequence[texts.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
        Parallel.For(0, rows.Length, parallel, i =>
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            rows[i] = new TokenSequence(id, _fitter.Fit(new Battle { Id = id, Turns = [new Turn(texts[i], null, null)] }).Ids);
        });
        return rows;
    }
}
