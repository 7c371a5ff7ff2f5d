using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>One layer of a decoder: attention and a feed-forward part, each normalised first and added to what came in.</summary>
internal sealed class DecoderLayer : Layer
{
    private readonly RmsNorm _attentionNorm;
    private readonly RmsNorm? _attentionOutputNorm;
    private readonly RmsNorm _feedForwardNorm;
    private readonly RmsNorm? _feedForwardOutputNorm;
    private readonly QueryKeyValue _queryKeyValue;
    private readonly Linear _output;
    private readonly FeedForward? _feedForward;
    private readonly MixtureOfExperts? _experts;
    private readonly AttentionOptions _attention;
    private readonly Dropout _attentionDropout;
    private readonly Dropout _feedForwardDropout;

    /// <summary>Takes one layer's weights.</summary>
    /// <param name="options">The decoder.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="prefix">The decoder's prefix: <c>model.</c></param>
    /// <param name="index">The layer's number, from 0.</param>
    public DecoderLayer(DecoderOptions options, WeightSource weights, string prefix, int index)
    {
        var names = options.Names;
        var layer = $"{prefix}{names.Layers}{index}.";
        _attention = options.AttentionOf(index) with { Dropout = weights.Dropout(options.AttentionDropout) };
        (_attentionDropout, _feedForwardDropout) = (weights.Dropout(options.ResidualDropout), weights.Dropout(options.ResidualDropout));
        _queryKeyValue = Own(new QueryKeyValue(options, weights, layer));
        var mixed = options.Heads * options.HeadDimension;
        _output = Own(weights.Linear(layer + names.AttentionOutput, mixed, options.HiddenSize, options.AttentionOutputBias));
        if (options.Experts > 0)
            _experts = Own(new MixtureOfExperts(options, weights, layer));
        else
            _feedForward = Own(new FeedForward(options, weights, layer));

        _attentionNorm = Norm(names.AttentionNorm)!;
        _attentionOutputNorm = Norm(names.AttentionOutputNorm);
        _feedForwardNorm = Norm(names.FeedForwardNorm)!;
        _feedForwardOutputNorm = Norm(names.FeedForwardOutputNorm);

        RmsNorm? Norm(string? name) =>
            name is null ? null : Own(new RmsNorm(weights, layer + name, options.HiddenSize, options.NormEpsilon, options.NormAddsOne));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var attended = _attentionDropout.Forward(Attend(_attentionNorm.Forward(hidden), positions, wanted));
        var middle = positions.Tokens.Select(hidden, wanted) + (_attentionOutputNorm?.Forward(attended) ?? attended);

        var normal = _feedForwardNorm.Forward(middle);
        var fed = _feedForwardDropout.Forward(_feedForward?.Forward(normal) ?? _experts!.Forward(normal));
        return (middle + (_feedForwardOutputNorm?.Forward(fed) ?? fed)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var (tokens, angles) = (positions.Tokens, positions.Rotary!);
        var (query, key, value) = _queryKeyValue.Forward(hidden, tokens, wanted);
        var mixed = PackedAttention.Attend(angles.Of(tokens, wanted).Rotate(query), angles.Rotate(key), value, tokens, _attention, wanted);
        return _output.Forward(mixed).MoveToOuterDisposeScope();
    }
}
