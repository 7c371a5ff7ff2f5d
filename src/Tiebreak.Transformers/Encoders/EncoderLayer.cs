using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// One layer of an encoder: attention and a feed-forward part, each added to what came in and normalised after. It owns its weights.
/// </summary>
internal sealed class EncoderLayer : WeightOwner
{
    private readonly IEncoderAttention _attention;
    private readonly Linear _attentionOutput;
    private readonly LayerNorm _attentionNorm;
    private readonly Linear _inner;
    private readonly Linear _output;
    private readonly LayerNorm _outputNorm;
    private readonly Activation _activation;

    /// <param name="options">The encoder.</param>
    /// <param name="positions">DeBERTa's relative positions, which all layers share; null: plain attention.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="prefix">The layer's own prefix: <c>bert.encoder.layer.0.</c></param>
    public EncoderLayer(EncoderOptions options, RelativePositions? positions, WeightSource weights, string prefix)
    {
        var size = options.HiddenSize;
        _activation = options.Activation;
        _attention = positions is null
            ? Own(new PlainAttention(options, weights, $"{prefix}attention.self."))
            : Own(new DisentangledAttention(options, options.Relative!, positions, weights, $"{prefix}attention.self."));
        _attentionOutput = Own(weights.Linear($"{prefix}attention.output.dense", size, size, hasBias: true));
        _attentionNorm = Own(new LayerNorm(weights, $"{prefix}attention.output.LayerNorm", size, options.NormEpsilon));
        _inner = Own(weights.Linear($"{prefix}intermediate.dense", size, options.IntermediateSize, hasBias: true));
        _output = Own(weights.Linear($"{prefix}output.dense", options.IntermediateSize, size, hasBias: true));
        _outputNorm = Own(new LayerNorm(weights, $"{prefix}output.LayerNorm", size, options.NormEpsilon));
    }

    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="tokens">Where sequences begin and end.</param>
    /// <returns>[tokens, hidden].</returns>
    public Tensor Forward(Tensor hidden, PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var middle = _attentionNorm.Forward(_attentionOutput.Forward(_attention.Forward(hidden, tokens)) + hidden);
        return _outputNorm.Forward(_output.Forward(_activation.Apply(_inner.Forward(middle))) + middle).MoveToOuterDisposeScope();
    }
}
