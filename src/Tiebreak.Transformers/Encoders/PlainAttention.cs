using Tiebreak.Transformers.Engine;
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
        _query = Own(weights.Linear(prefix + options.Names.Query, size, size, hasBias: true));
        _key = Own(weights.Linear(prefix + options.Names.Key, size, size, hasBias: true));
        _value = Own(weights.Linear(prefix + options.Names.Value, size, size, hasBias: true));
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var tokens = positions.Tokens;
        using var input = new LinearInput(hidden);
        var query = Heads(input.Apply(_query, tokens, wanted));
        var (key, value) = (Heads(_key.Forward(input)), Heads(_value.Forward(input)));
        return PackedAttention.Attend(query, key, value, tokens, _options, wanted).MoveToOuterDisposeScope();

        Tensor Heads(Tensor projected) => projected.view(projected.shape[0], _heads, -1);
    }
}
