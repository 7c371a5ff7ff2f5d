using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>BERT's attention: every token sees its whole sequence.</summary>
internal sealed class PlainAttention : WeightOwner, IEncoderAttention
{
    private readonly AttentionProjections _projections;
    private readonly AttentionOptions _options;

    public PlainAttention(EncoderOptions options, WeightSource weights, string prefix)
    {
        _options = new AttentionOptions
        {
            Scale = 1 / Math.Sqrt(options.HiddenSize / (double)options.Heads),
            IsCausal = false,
            Dropout = weights.Dropout(options.AttentionDropout),
        };
        _projections = Own(new AttentionProjections(options, weights, prefix));
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = _projections.Apply(hidden, positions.Tokens, wanted);
        return PackedAttention.Attend(query, key, value, positions.Tokens, _options, wanted).MoveToOuterDisposeScope();
    }
}
