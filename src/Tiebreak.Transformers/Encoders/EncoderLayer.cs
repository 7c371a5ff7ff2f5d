using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// One layer of an encoder: attention and a feed-forward part, each added to what came in and normalised after. DeBERTa-v2's first layer
/// has a convolution beside it.
/// </summary>
internal sealed class EncoderLayer : Layer
{
    private readonly IEncoderAttention _attention;
    private readonly Linear _attentionOutput;
    private readonly LayerNorm _attentionNorm;
    private readonly Linear _inner;
    private readonly Linear _output;
    private readonly LayerNorm _outputNorm;
    private readonly TokenConvolution? _convolution;
    private readonly Activation _activation;
    private readonly Dropout _attentionDropout;
    private readonly Dropout _outputDropout;

    /// <param name="options">The encoder.</param>
    /// <param name="positions">DeBERTa's relative positions, which all layers share; null: plain attention.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="prefix">The encoder's prefix: <c>bert.</c></param>
    /// <param name="index">The layer's number, from 0.</param>
    public EncoderLayer(EncoderOptions options, RelativePositions? positions, WeightSource weights, string prefix, int index)
    {
        var size = options.HiddenSize;
        var names = options.Names;
        var layer = $"{prefix}{names.Layers}{index}.";
        _activation = options.Activation;
        (_attentionDropout, _outputDropout) = (weights.Dropout(options.HiddenDropout), weights.Dropout(options.HiddenDropout));
        _attention = positions is null
            ? Own(new PlainAttention(options, weights, layer))
            : Own(new DisentangledAttention(options, options.Relative!, positions, weights, layer));
        _attentionOutput = Own(weights.Linear(layer + names.AttentionOutput, size, size, hasBias: true));
        _attentionNorm = Own(new LayerNorm(weights, layer + names.AttentionNorm, size, options.NormEpsilon));
        _inner = Own(weights.Linear(layer + names.Inner, size, options.IntermediateSize, hasBias: true));
        _output = Own(weights.Linear(layer + names.Output, options.IntermediateSize, size, hasBias: true));
        _outputNorm = Own(new LayerNorm(weights, layer + names.OutputNorm, size, options.NormEpsilon));
        if (index == 0 && options.Convolution is { } convolution)
            _convolution = Own(new TokenConvolution(options, convolution, weights, prefix));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted) =>
        positions.Compute(LayerPart.Whole, hidden, (input, at) => Compute(input, at, wanted));

    private Tensor Compute(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var attended = _attentionDropout.Forward(_attentionOutput.Forward(_attention.Forward(hidden, positions, wanted)));
        var middle = _attentionNorm.ForwardSum(attended, positions.Tokens.Select(hidden, wanted));
        var fed = _outputDropout.Forward(_output.Forward(_activation.Apply(_inner.Forward(middle))));
        var output = _outputNorm.ForwardSum(fed, middle);
        return (_convolution?.Forward(hidden, output, positions.Tokens, wanted) ?? output).MoveToOuterDisposeScope();
    }
}
