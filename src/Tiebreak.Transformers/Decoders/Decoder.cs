using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>The decoder of Llama (https://arxiv.org/abs/2302.13971) with the options that its relatives need.</summary>
public sealed class Decoder : Backbone
{
    private readonly DecoderOptions _options;
    private readonly ScalarType _type;
    private readonly Tensor _embedding;
    private readonly RotaryEmbedding _rotary;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _finalNorm;

    /// <summary>Takes all weights of the decoder.</summary>
    /// <param name="options">Sizes and switches.</param>
    /// <param name="weights">Where weights come from.</param>
    public Decoder(DecoderOptions options, WeightSource weights)
    {
        _options = options;
        var names = options.Names;
        var prefix = weights.Prefix(names.Prefix, $"{names.Embedding}.weight");
        _type = weights.Type.ToScalarType();
        _embedding = Own(weights.Table($"{prefix}{names.Embedding}.weight", options.VocabularySize, options.HiddenSize));
        _rotary = Own(new RotaryEmbedding(options.Rotary, weights.Device));
        _layers = [.. Enumerable.Range(0, options.LayerCount).Select(i => Own(new DecoderLayer(options, weights, prefix, i)))];
        _finalNorm = Own(new RmsNorm(weights, prefix + names.FinalNorm, options.HiddenSize, options.NormEpsilon, options.NormAddsOne));
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
    public override Pooling Pooling => Pooling.LastToken;

    /// <summary>LongRoPE: longer sequences take the long factors. Null: the decoder has none.</summary>
    internal int? LongRopeLimit => _options.Rotary.Scaling is RotaryScaling.LongRope ? _options.Rotary.OriginalPositions : null;

    /// <summary>
    /// The embedding as a matrix to multiply with [vocabulary, hidden], for a language model's head that is tied to it; the caller's to
    /// free.
    /// </summary>
    internal Tensor HeadWeight() => _embedding.to(_type).DetachFromDisposeScope();

    /// <inheritdoc/>
    protected override Tensor Compute(PackedTokens tokens, Action<int, Tensor>? observe)
    {
        var angles = _rotary.AnglesOf(tokens);
        var hidden = Embed(tokens);
        observe?.Invoke(0, hidden);
        for (var i = 0; i < _layers.Length; i++)
        {
            var next = _layers[i].Forward(hidden, tokens, angles);
            hidden.Dispose();
            hidden = next;
            if (i < _layers.Length - 1)
                observe?.Invoke(i + 1, hidden);
        }

        var normal = _finalNorm.Forward(hidden);
        observe?.Invoke(_layers.Length, normal);
        return normal;
    }

    private Tensor Embed(PackedTokens tokens)
    {
        using var ids = tokens.Ids(_embedding.device);
        var rows = _embedding.index_select(0, ids).to(_type);

        // The factor is rounded to the type of the embedding, as in Gemma's published code.
        return _options.ScalesEmbedding ? rows.mul_(tensor(Math.Sqrt(_options.HiddenSize), dtype: rows.dtype, device: rows.device)) : rows;
    }
}
