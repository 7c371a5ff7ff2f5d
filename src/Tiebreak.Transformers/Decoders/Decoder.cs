using Tiebreak.Torch;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>
/// The decoder of Llama (https://arxiv.org/abs/2302.13971) with the options that its relatives need. One of them, ModernBERT, lets tokens
/// see both ways, and so is an encoder.
/// </summary>
internal sealed class Decoder : Backbone
{
    private readonly DecoderOptions _options;
    private readonly WeightSource _weights;
    private readonly string _prefix;
    private readonly ScalarType _type;
    private readonly WordEmbedding _embedding;
    private readonly Norm? _embeddingNorm;
    private readonly Dropout _embeddingDropout;
    private readonly RotaryEmbedding?[] _rotary; // of each layer; layers that turn by the same angles share one
    private readonly Norm _finalNorm;

    /// <summary>Takes the weights before and after the layers.</summary>
    /// <param name="options">Sizes and switches.</param>
    /// <param name="weights">Where weights come from, those of layers as well; it must live as long as the decoder.</param>
    public Decoder(DecoderOptions options, WeightSource weights)
    {
        (_options, _weights) = (options, weights);
        var names = options.Names;
        _prefix = weights.Prefix(names.Prefixes, $"{names.Embedding}.weight");
        _type = weights.Type.ToScalarType();
        _embedding = Own(weights.Words($"{_prefix}{names.Embedding}.weight", options.VocabularySize, options.HiddenSize, asStored: true));
        if (names.EmbeddingNorm is { } embeddingNorm)
            _embeddingNorm = Own(options.Norm.Create(weights, _prefix + embeddingNorm, options.HiddenSize));
        _embeddingDropout = weights.Dropout(options.EmbeddingDropout);
        _rotary = RotaryOfLayers();
        _finalNorm = Own(options.Norm.Create(weights, _prefix + names.FinalNorm, options.HiddenSize));
    }

    /// <inheritdoc/>
    public override int VocabularySize => _options.VocabularySize;

    /// <inheritdoc/>
    public override int HiddenSize => _options.HiddenSize;

    /// <inheritdoc/>
    public override int LayerCount => _options.LayerCount;

    /// <inheritdoc/>
    public override int? MaxPositions => _options.MaxPositions;

    /// <inheritdoc/>
    public override bool IsCausal => _options.IsCausal;

    /// <inheritdoc/>
    public override TokenSelection Pooling => _options.Pooling;

    /// <inheritdoc/>
    public override int? LongRopeLimit => _options.Rotary.Scaling is RotaryScaling.LongRope ? _options.Rotary.OriginalPositions : null;

    /// <summary>The word embedding, [vocabulary, hidden]; in a model that learns, in the type that it computes with.</summary>
    internal Tensor Words => _embedding.Table;

    /// <summary>
    /// The embedding as a matrix to multiply with, for a language model's head that is tied to it; it belongs to the caller.
    /// </summary>
    internal WordEmbedding HeadWords() => _embedding.Tied(_type);

    /// <inheritdoc/>
    internal override Tensor Embed(PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var rows = _embedding.Rows(tokens.Ids(_embedding.Device)).to(_type);

        // The factor is rounded to the type of the embedding, as in Gemma's published code.
        if (_options.EmbeddingFactor != 1)
            rows = rows.mul_(tensor(_options.EmbeddingFactor, dtype: rows.dtype, device: rows.device));
        return _embeddingDropout.Forward(_embeddingNorm?.Forward(rows) ?? rows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override BatchPositions PositionsOf(PackedTokens tokens)
    {
        var angles = _rotary.OfType<RotaryEmbedding>().Distinct().ToDictionary(rotary => rotary, rotary => rotary.AnglesOf(tokens));
        return new(tokens) { Rotary = [.. _rotary.Select(rotary => rotary is null ? null : angles[rotary])] };
    }

    /// <inheritdoc/>
    internal override Layer OpenLayer(int index) => new DecoderLayer(_options, _weights, _prefix, index);

    /// <inheritdoc/>
    internal override Tensor Finish(Tensor hidden) => _finalNorm.Forward(hidden);

    private RotaryEmbedding?[] RotaryOfLayers()
    {
        var layers = Enumerable.Range(0, _options.LayerCount).Select(_options.RotaryOf).ToList();
        var embeddings = layers.OfType<RotaryOptions>().Distinct()
            .ToDictionary(options => options, options => Own(new RotaryEmbedding(options, _weights.Device)));
        return [.. layers.Select(options => options is null ? null : embeddings[options])];
    }
}
