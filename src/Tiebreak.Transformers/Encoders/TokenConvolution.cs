using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>DeBERTa-v2's convolution over neighbouring tokens of the embedding, added to the first layer's output and normalised.</summary>
internal sealed class TokenConvolution : WeightOwner
{
    private readonly ConvolutionOptions _options;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public TokenConvolution(EncoderOptions options, ConvolutionOptions convolution, WeightSource weights, string prefix)
    {
        (_options, _dropout) = (convolution, weights.Dropout(options.HiddenDropout));
        var (size, inputs) = (options.HiddenSize, options.HiddenSize / convolution.Groups);
        _weight = Own(weights.Tensor($"{prefix}encoder.conv.conv.weight", size, inputs, convolution.KernelSize));
        _bias = Own(weights.Tensor($"{prefix}encoder.conv.conv.bias", options.HiddenSize));
        _norm = Own(new LayerNorm(weights, $"{prefix}encoder.conv.LayerNorm", options.HiddenSize, options.NormEpsilon));
    }

    /// <param name="embedded">[tokens, hidden]: what the first layer got.</param>
    /// <param name="hidden">[wanted tokens, hidden]: what it gave.</param>
    /// <param name="tokens">Where sequences begin and end; beyond them the convolution sees zeros.</param>
    /// <param name="wanted">Whose outputs are needed.</param>
    /// <returns>[wanted tokens, hidden].</returns>
    public Tensor Forward(Tensor embedded, Tensor hidden, PackedTokens tokens, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var padding = (_options.KernelSize - 1) / 2;
        var convolved = new List<Tensor>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var channels = tokens.Whole(embedded, i).t().unsqueeze(0); // [1, hidden, length]
            convolved.Add(nn.functional.conv1d(channels, _weight, _bias, padding: padding, groups: _options.Groups).squeeze(0).t());
        }

        var added = _options.Activation.Apply(_dropout.Forward(tokens.Select(cat(convolved), wanted)));
        return _norm.Forward(hidden.Add(added)).MoveToOuterDisposeScope();
    }
}
