using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>BERT's attention: every token sees its whole sequence.</summary>
internal sealed class PlainAttention : WeightOwner, IEncoderAttention
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly int _heads;
    private readonly AttentionOptions _options;

    public PlainAttention(EncoderOptions options, WeightSource weights, string prefix)
    {
        var size = options.HiddenSize;
        _heads = options.Heads;
        _options = new AttentionOptions
        {
            Scale = 1 / Math.Sqrt(size / (double)options.Heads),
            IsCausal = false,
            Dropout = weights.Dropout(options.AttentionDropout),
        };
        _query = Own(weights.Linear(prefix + options.Query, size, size, hasBias: true));
        _key = Own(weights.Linear(prefix + options.Key, size, size, hasBias: true));
        _value = Own(weights.Linear(prefix + options.Value, size, size, hasBias: true));
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor hidden, PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        return PackedAttention.Attend(Heads(_query), Heads(_key), Heads(_value), tokens, _options).MoveToOuterDisposeScope();

        Tensor Heads(Linear projection) => projection.Forward(hidden).view(tokens.TokenCount, _heads, -1);
    }
}
