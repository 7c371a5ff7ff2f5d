using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>
/// One layer of a decoder: attention and a feed-forward part, one after the other or side by side. What each gives is added to what came
/// in; norms stand before them, after them, or both.
/// </summary>
internal sealed class DecoderLayer : Layer
{
    private readonly Norm? _attentionNorm;
    private readonly Norm? _attentionOutputNorm;
    private readonly Norm? _feedForwardNorm;
    private readonly Norm? _feedForwardOutputNorm;
    private readonly QueryKeyValue _queryKeyValue;
    private readonly Linear _output;
    private readonly FeedForward? _feedForward;
    private readonly MixtureOfExperts? _experts;
    private readonly AttentionOptions _attention;
    private readonly Dropout _attentionDropout;
    private readonly Dropout _feedForwardDropout;
    private readonly bool _isParallel;
    private readonly double _residualFactor;
    private readonly int _index;

    /// <summary>Takes one layer's weights.</summary>
    /// <param name="options">The decoder.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="prefix">The decoder's prefix: <c>model.</c></param>
    /// <param name="index">The layer's number, from 0.</param>
    public DecoderLayer(DecoderOptions options, WeightSource weights, string prefix, int index)
    {
        var names = options.Names;
        var layer = $"{prefix}{names.Layers}{index}.";
        (_isParallel, _residualFactor, _index) = (options.IsParallel, options.ResidualFactor, index);
        _attention = options.AttentionOf(index) with { Dropout = weights.Dropout(options.AttentionDropout) };
        (_attentionDropout, _feedForwardDropout) = (weights.Dropout(options.ResidualDropout), weights.Dropout(options.ResidualDropout));
        _queryKeyValue = Own(new QueryKeyValue(options, weights, layer));
        var mixed = options.Heads * options.HeadDimension;
        _output = Own(weights.Linear(layer + names.AttentionOutput, mixed, options.HiddenSize, options.AttentionOutputBias));
        if (options.HasExperts(index))
            _experts = Own(new MixtureOfExperts(options, weights, layer));
        else
            _feedForward = Own(new FeedForward(options, weights, layer, names.FeedForward, options.IntermediateSize));

        _attentionNorm = CreateNorm(options.AttentionNormOf(index));
        _attentionOutputNorm = CreateNorm(names.AttentionOutputNorm);
        _feedForwardNorm = CreateNorm(names.FeedForwardNorm);
        _feedForwardOutputNorm = CreateNorm(names.FeedForwardOutputNorm);

        Norm? CreateNorm(string? name) => name is null ? null : Own(options.Norm.Create(weights, layer + name, options.HiddenSize));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        if (_isParallel)
            return positions.Compute(LayerPart.Whole, hidden, (input, at) => SideBySide(input, at, wanted));

        using var scope = NewDisposeScope();
        var middle = positions.Compute(LayerPart.Attention, hidden, (input, at) => AddAttention(input, at, wanted));
        return positions.Compute(LayerPart.FeedForward, middle, AddFeedForward).MoveToOuterDisposeScope();
    }

    private Tensor SideBySide(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var normal = _attentionNorm?.Forward(hidden) ?? hidden;
        var selected = positions.Tokens.Select(hidden, wanted);
        var middle = Sum(selected, Attend(normal, positions, wanted), _attentionOutputNorm);
        var read = _feedForwardNorm?.Forward(selected) ?? positions.Tokens.Select(normal, wanted);
        return Sum(middle, Feed(read, positions), _feedForwardOutputNorm).MoveToOuterDisposeScope();
    }

    private Tensor AddAttention(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var attended = Attend(_attentionNorm?.Forward(hidden) ?? hidden, positions, wanted);
        return Sum(positions.Tokens.Select(hidden, wanted), attended, _attentionOutputNorm).MoveToOuterDisposeScope();
    }

    private Tensor AddFeedForward(Tensor middle, BatchPositions positions)
    {
        using var scope = NewDisposeScope();
        return Sum(middle, Feed(_feedForwardNorm?.Forward(middle) ?? middle, positions), _feedForwardOutputNorm).MoveToOuterDisposeScope();
    }

    private Tensor Sum(Tensor hidden, Tensor added, Norm? norm) => hidden.Add(norm?.Forward(added) ?? added, alpha: _residualFactor);

    private Tensor Attend(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var tokens = positions.Tokens;
        var (query, key, value) = _queryKeyValue.Forward(hidden, tokens, wanted);
        if (positions.Rotary[_index] is { } angles)
            (query, key) = (angles.Of(tokens, wanted).Rotate(query), angles.Rotate(key));
        (key, value) = KeptPrefix.Join(tokens, _index, key, value);
        var mixed = PackedAttention.Attend(query, key, value, tokens, _attention, wanted);
        var output = positions.NeedsValues || _attentionOutputNorm is not null ? _output.Forward(mixed) : _output.WithoutValues(mixed);
        return _attentionDropout.Forward(output).MoveToOuterDisposeScope();
    }

    private Tensor Feed(Tensor hidden, BatchPositions positions) => _feedForwardDropout.Forward(
        _feedForward?.Forward(hidden, positions.NeedsValues || _feedForwardOutputNorm is not null) ?? _experts!.Forward(hidden));
}
