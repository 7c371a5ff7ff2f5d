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

    public TokenConvolution(EncoderOptions options, ConvolutionOptions convolution, WeightSource weights, string prefix)
    {
        _options = convolution;
        _weight = Own(weights.Tensor(
            $"{prefix}encoder.conv.conv.weight", options.HiddenSize, options.HiddenSize / convolution.Groups, convolution.KernelSize));
        _bias = Own(weights.Tensor($"{prefix}encoder.conv.conv.bias", options.HiddenSize));
        _norm = Own(new LayerNorm(weights, $"{prefix}encoder.conv.LayerNorm", options.HiddenSize, options.NormEpsilon));
    }

    /// <param name="embedded">[tokens, hidden]: what the first layer got.</param>
    /// <param name="hidden">[tokens, hidden]: what it gave.</param>
    /// <param name="tokens">Where sequences begin and end; beyond them the convolution sees zeros.</param>
    public Tensor Forward(Tensor embedded, Tensor hidden, PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var convolved = new List<Tensor>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var channels = embedded.narrow(0, tokens.StartOf(i), tokens.LengthOf(i)).t().unsqueeze(0); // [1, hidden, length]
            convolved.Add(nn.functional.conv1d(channels, _weight, _bias, padding: (_options.KernelSize - 1) / 2, groups: _options.Groups)
                .squeeze(0).t());
        }

        return _norm.Forward(hidden + _options.Activation.Apply(cat(convolved))).MoveToOuterDisposeScope();
    }
}
