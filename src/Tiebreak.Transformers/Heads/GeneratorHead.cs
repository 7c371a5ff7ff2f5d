using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>A language model's head: logits of the next token, of the whole vocabulary or of some tokens.</summary>
internal sealed class GeneratorHead : Head
{
    private readonly WordEmbedding _weight;
    private readonly double? _softcap;
    private readonly double _factor;

    /// <summary>Takes the head's matrix.</summary>
    /// <param name="weight">[vocabulary, hidden].</param>
    /// <param name="softcap">Gemma 2: logits become c * tanh(logit / c); null: they stay.</param>
    /// <param name="factor">Factor of the logits (Cohere, Granite).</param>
    public GeneratorHead(WordEmbedding weight, double? softcap, double factor = 1)
    {
        _weight = Own(weight);
        (_softcap, _factor) = (softcap, factor);
    }

    /// <inheritdoc/>
    public override int Outputs => _weight.Count;

    /// <summary>Logits of every token.</summary>
    /// <param name="pooled">[sequences, hidden] of each last token.</param>
    /// <returns>[sequences, vocabulary].</returns>
    public override Tensor Forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        return Scaled(nn.functional.linear(pooled, _weight.Matrix())).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of some tokens.</summary>
    /// <param name="pooled">[sequences, hidden] of each last token.</param>
    /// <param name="tokens">Token ids below <see cref="Outputs"/>.</param>
    /// <returns>[sequences, tokens].</returns>
    internal Tensor Forward(Tensor pooled, int[] tokens)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(Array.ConvertAll(tokens, token => (long)token), device: _weight.Device);
        return Scaled(nn.functional.linear(pooled, _weight.Rows(ids))).MoveToOuterDisposeScope();
    }

    private Tensor Scaled(Tensor logits)
    {
        if (_factor != 1)
            logits = logits.MultiplyInPlace(_factor);
        return _softcap is { } cap ? logits.DivideInPlace(cap).tanh_().Multiply(cap) : logits;
    }
}
