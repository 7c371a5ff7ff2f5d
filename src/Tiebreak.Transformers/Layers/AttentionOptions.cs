namespace Tiebreak.Transformers.Layers;

/// <summary>Which tokens a token sees, and how scores become weights.</summary>
internal sealed record AttentionOptions
{
    /// <summary>Factor of the products of query and key.</summary>
    public required double Scale { get; init; }

    /// <summary>True: a token sees itself and what is before it. False: the whole sequence.</summary>
    public bool IsCausal { get; init; } = true;

    /// <summary>
    /// A token sees itself and the window - 1 tokens before it, and as many after it where attention is not causal. Null: all of them.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>Gemma 2: scores become c * tanh(score / c). Null: they stay.</summary>
    public double? Softcap { get; init; }

    /// <summary>Of the shares that each token takes of the others.</summary>
    internal Dropout Dropout { get; init; } = Dropout.None;
}
