using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// BERT (https://arxiv.org/abs/1810.04805) with the options of RoBERTa (https://arxiv.org/abs/1907.11692), DistilBERT, ELECTRA, and
/// DeBERTa-v2 and v3 (https://arxiv.org/abs/2111.09543).
/// </summary>
internal sealed class Encoder : Backbone
{
    private readonly EncoderOptions _options;
    private readonly WeightSource _weights;
    private readonly string _prefix;
    private readonly WordEmbedding _words;
    private readonly Tensor? _absolute;
    private readonly Tensor? _types;
    private readonly Linear? _projection;
    private readonly LayerNorm _embeddingNorm;
    private readonly Dropout _embeddingDropout;
    private readonly RelativePositions? _relative;

    /// <summary>Takes the weights before the layers, and those that layers share.</summary>
    /// <param name="options">Sizes and switches.</param>
    /// <param name="weights">Where weights come from, those of layers as well; it must live as long as the encoder.</param>
    public Encoder(EncoderOptions options, WeightSource weights)
    {
        (_options, _weights) = (options, weights);
        _prefix = weights.Prefix([options.Names.Prefix], "embeddings.word_embeddings.weight");
        var (size, table) = (options.EmbeddingSize, $"{_prefix}embeddings.");
        _words = Own(weights.Words($"{table}word_embeddings.weight", options.VocabularySize, size, asStored: false));
        if (options.PositionRows > 0)
            _absolute = Own(weights.Tensor($"{table}position_embeddings.weight", options.PositionRows, size));
        if (options.TokenTypes > 0)
            _types = Own(weights.Tensor($"{table}token_type_embeddings.weight", options.TokenTypes, size));
        if (options.HiddenSize != size)
        {
            var name = _prefix + options.Names.EmbeddingProjection;
            _projection = Own(weights.Linear(name, size, options.HiddenSize, options.ProjectsAfterNorm));
        }

        var normalised = options.ProjectsAfterNorm ? size : options.HiddenSize;
        _embeddingNorm = Own(new LayerNorm(weights, $"{table}LayerNorm", normalised, options.NormEpsilon));
        _embeddingDropout = weights.Dropout(options.HiddenDropout);
        _relative = options.Relative is { } relative ? Own(new RelativePositions(options, relative, weights, _prefix)) : null;
    }

    /// <inheritdoc/>
    public override int VocabularySize => _options.VocabularySize;

    /// <inheritdoc/>
    public override int HiddenSize => _options.HiddenSize;

    /// <inheritdoc/>
    public override int LayerCount => _options.LayerCount;

    /// <inheritdoc/>
    public override int? MaxPositions => _options.PositionRows == 0 ? null : _options.PositionRows - _options.FirstPosition;

    /// <inheritdoc/>
    public override bool IsCausal => false;

    /// <inheritdoc/>
    public override TokenSelection Pooling => TokenSelection.FirstToken;

    /// <summary>The word embedding, [vocabulary, embedding size].</summary>
    internal Tensor Words => _words.Table;

    /// <inheritdoc/>
    internal override BatchPositions PositionsOf(PackedTokens tokens) =>
        new(tokens) { Relative = _relative is null ? null : new RelativeRows(_relative, tokens) };

    /// <inheritdoc/>
    internal override Layer OpenLayer(int index) => new EncoderLayer(_options, _relative, _weights, _prefix, index);

    /// <inheritdoc/>
    internal override Tensor Embed(PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var sum = _words.Rows(tokens.Ids(_words.Device));
        if (_absolute is not null)
            sum = sum.Add(_absolute.index_select(0, tokens.Positions(_options.FirstPosition, _words.Device)));
        if (_types is not null)
            sum = sum.Add(_options.TokenTypes > 1 ? _types.index_select(0, tokens.Types(_options.TokenTypes, _types.device)) : _types);
        return (_options.ProjectsAfterNorm ? Projected(Normalised(sum)) : Normalised(Projected(sum))).MoveToOuterDisposeScope();
    }

    private Tensor Projected(Tensor hidden) => _projection?.Forward(hidden) ?? hidden;

    private Tensor Normalised(Tensor hidden) => _embeddingDropout.Forward(_embeddingNorm.Forward(hidden));
}
