using Tiebreak.Torch.Kernels;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>The projections of an encoder's attention to queries, keys and values.</summary>
internal sealed class AttentionProjections : WeightOwner
{
    private readonly Linear _value;
    private readonly int _heads;

    public AttentionProjections(EncoderOptions options, WeightSource weights, string prefix)
    {
        _heads = options.Heads;
        Query = Projection(options.Names.Query);
        Key = Projection(options.Names.Key);
        _value = Projection(options.Names.Value);

        Linear Projection(string name) =>
            Own(weights.LaidOutLinear(prefix + name, options.HiddenSize, options.HiddenSize, hasBias: true));
    }

    /// <summary>That to queries.</summary>
    public Linear Query { get; }

    /// <summary>That to keys.</summary>
    public Linear Key { get; }

    /// <summary>Projects hidden states.</summary>
    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="tokens">Whose they are.</param>
    /// <param name="wanted">Whose queries are needed.</param>
    /// <returns>[wanted tokens, heads, dim], and twice [tokens, heads, dim]; in the caller's dispose scope.</returns>
    public (Tensor Query, Tensor Key, Tensor Value) Apply(Tensor hidden, PackedTokens tokens, TokenSelection wanted)
    {
        if (wanted is TokenSelection.All && BlockKernel.Takes(hidden) && Query is BlockLinear query && Key is BlockLinear key
            && _value is BlockLinear value)
        {
            var projected = BlockKernel.Multiply(hidden, query.Laid, key.Laid, value.Laid);
            return (Heads(projected[0]), Heads(projected[1]), Heads(projected[2]));
        }

        using var input = new LinearInput(hidden);
        return (Heads(input.Apply(Query, tokens, wanted)), Heads(Key.Forward(input)), Heads(_value.Forward(input)));
    }

    /// <summary>Parts what was projected.</summary>
    /// <param name="projected">[rows, hidden].</param>
    /// <returns>[rows, heads, dim].</returns>
    public Tensor Heads(Tensor projected) => projected.view(projected.shape[0], _heads, -1);
}
