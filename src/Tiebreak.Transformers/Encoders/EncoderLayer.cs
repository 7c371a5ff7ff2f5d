using Tiebreak.Torch.Kernels;
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
    private readonly BlockLayer? _blocks; // what follows attention, where it can be computed together

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
        _attentionOutput = Own(weights.LaidOutLinear(layer + names.AttentionOutput, size, size, hasBias: true));
        _attentionNorm = Own(new LayerNorm(weights, layer + names.AttentionNorm, size, options.NormEpsilon));
        _inner = Own(weights.LaidOutLinear(layer + names.Inner, size, options.IntermediateSize, hasBias: true));
        _output = Own(weights.LaidOutLinear(layer + names.Output, options.IntermediateSize, size, hasBias: true));
        _outputNorm = Own(new LayerNorm(weights, layer + names.OutputNorm, size, options.NormEpsilon));
        if ((_attentionOutput, _inner, _output) is (BlockLinear attentionOutput, BlockLinear inner, BlockLinear output)
            && _activation is not Activation.Tanh && (_attentionNorm.OfBlocks, _outputNorm.OfBlocks) is ({ } attentionNorm, { } outputNorm))
        {
            _blocks = new BlockLayer(attentionOutput.Laid, attentionNorm, inner.Laid, output.Laid, outputNorm);
        }

        if (index == 0 && options.Convolution is { } convolution)
            _convolution = Own(new TokenConvolution(options, convolution, weights, prefix));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted) =>
        positions.Compute(LayerPart.Whole, hidden, (input, at) => Compute(input, at, wanted));

    private Tensor Compute(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var mixed = _attention.Forward(hidden, positions, wanted);
        var added = positions.Tokens.Select(hidden, wanted);
        var output = _blocks is not null && BlockKernel.Takes(mixed) && BlockKernel.Takes(added)
            ? InBlocks(mixed, added, _blocks)
            : Finish(mixed, added);
        return (_convolution?.Forward(hidden, output, positions.Tokens, wanted) ?? output).MoveToOuterDisposeScope();
    }

    private Tensor Finish(Tensor mixed, Tensor added)
    {
        var middle = _attentionNorm.ForwardSum(_attentionDropout.Forward(_attentionOutput.Forward(mixed)), added);
        var fed = _outputDropout.Forward(_output.Forward(_activation.Apply(_inner.Forward(middle))));
        return _outputNorm.ForwardSum(fed, middle);
    }

    private Tensor InBlocks(Tensor mixed, Tensor added, BlockLayer blocks) => _activation switch
    {
        Activation.Gelu => BlockKernel.Finish<CoarseGelu>(mixed, added, blocks),
        Activation.GeluTanh => BlockKernel.Finish<GeluTanh>(mixed, added, blocks),
        Activation.Silu => BlockKernel.Finish<Silu>(mixed, added, blocks),
        Activation.Relu => BlockKernel.Finish<Relu>(mixed, added, blocks),
        _ => throw new ArgumentOutOfRangeException(nameof(blocks)),
    };
}
