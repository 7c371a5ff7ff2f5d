namespace Tiebreak.Transformers.Decoders;

/// <summary>What a family calls its tensors; the defaults are Llama's. Names of a layer's parts follow the layer's own prefix.</summary>
internal sealed record DecoderNames
{
    /// <summary>
    /// What may stand before everything but the heads, the usual spelling first; a checkpoint saved without head may have none.
    /// </summary>
    public IReadOnlyList<string> Prefixes { get; init; } = ["model."];

    /// <summary>What may stand before the language model's head.</summary>
    public IReadOnlyList<string> HeadPrefixes { get; init; } = [""];

    /// <summary>The embedding of tokens.</summary>
    public string Embedding { get; init; } = "embed_tokens";

    /// <summary>A norm of the embedding (ModernBERT); null: none.</summary>
    public string? EmbeddingNorm { get; init; }

    /// <summary>The layers; their number and a dot follow.</summary>
    public string Layers { get; init; } = "layers.";

    /// <summary>The norm after the last layer.</summary>
    public string FinalNorm { get; init; } = "norm";

    /// <summary>The language model's head.</summary>
    public string LanguageHead { get; init; } = "lm_head";

    /// <summary>The classification or reward head, without prefix.</summary>
    public string Classifier { get; init; } = "score";

    /// <summary>The norm before attention; null: none (OLMo 2).</summary>
    public string? AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>A norm of attention's output, before it is added (Gemma 2); null: none.</summary>
    public string? AttentionOutputNorm { get; init; }

    /// <summary>The norm before the feed-forward part; null: none (OLMo 2), or in parallel layers that before attention (Cohere).</summary>
    public string? FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>A norm of the feed-forward part's output, before it is added (Gemma 2); null: none.</summary>
    public string? FeedForwardOutputNorm { get; init; }

    /// <summary>Projection to queries.</summary>
    public string Query { get; init; } = "self_attn.q_proj";

    /// <summary>Projection to keys.</summary>
    public string Key { get; init; } = "self_attn.k_proj";

    /// <summary>Projection to values.</summary>
    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>The norm of queries, where there is one.</summary>
    public string QueryNorm { get; init; } = "self_attn.q_norm";

    /// <summary>The norm of keys, where there is one.</summary>
    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>One projection to all three, in the layouts that have it.</summary>
    public string QueryKeyValue { get; init; } = "self_attn.qkv_proj";

    /// <summary>Projection back from the heads.</summary>
    public string AttentionOutput { get; init; } = "self_attn.o_proj";

    /// <summary>The feed-forward part.</summary>
    public FeedForwardNames FeedForward { get; init; } = new() { Gate = "mlp.gate_proj", Up = "mlp.up_proj", Down = "mlp.down_proj" };

    /// <summary>What chooses experts.</summary>
    public string Router { get; init; } = "block_sparse_moe.gate";

    /// <summary>Experts; their number and a dot follow, then <see cref="Expert"/>.</summary>
    public string Experts { get; init; } = "block_sparse_moe.experts.";

    /// <summary>One expert.</summary>
    public FeedForwardNames Expert { get; init; } = new() { Gate = "w1", Up = "w3", Down = "w2" };
}

/// <summary>What a family calls the projections of a feed-forward part.</summary>
internal sealed record FeedForwardNames
{
    /// <summary>The half that passes the activation; null: there is one half only, or both lie in one matrix.</summary>
    public string? Gate { get; init; }

    /// <summary>The other half, or the only one; where <see cref="IsFused"/>, the rows of gate and up.</summary>
    public required string Up { get; init; }

    /// <summary>Whether gate and up lie in one matrix (Phi-3).</summary>
    public bool IsFused { get; init; }

    /// <summary>Projection back to the hidden size.</summary>
    public required string Down { get; init; }
}
