namespace Tiebreak.Transformers.Decoders;

/// <summary>What a family calls its tensors; the defaults are Llama's. Names of a layer's parts follow the layer's own prefix.</summary>
internal sealed record DecoderNames
{
    /// <summary>Before everything but the heads.</summary>
    public string Prefix { get; init; } = "model.";

    /// <summary>The embedding of tokens.</summary>
    public string Embedding { get; init; } = "embed_tokens";

    /// <summary>The layers; their number and a dot follow.</summary>
    public string Layers { get; init; } = "layers.";

    /// <summary>The norm after the last layer.</summary>
    public string FinalNorm { get; init; } = "norm";

    /// <summary>The language model's head, without prefix.</summary>
    public string LanguageHead { get; init; } = "lm_head";

    /// <summary>The classification or reward head, without prefix.</summary>
    public string Classifier { get; init; } = "score";

    /// <summary>The norm before attention.</summary>
    public string AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>A norm of attention's output, before it is added (Gemma 2); null: none.</summary>
    public string? AttentionOutputNorm { get; init; }

    /// <summary>The norm before the feed-forward part.</summary>
    public string FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>A norm of the feed-forward part's output, before it is added (Gemma 2); null: none.</summary>
    public string? FeedForwardOutputNorm { get; init; }

    /// <summary>Projection to queries.</summary>
    public string Query { get; init; } = "self_attn.q_proj";

    /// <summary>Projection to keys.</summary>
    public string Key { get; init; } = "self_attn.k_proj";

    /// <summary>Projection to values.</summary>
    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>One projection to all three, in the layouts that have it.</summary>
    public string QueryKeyValue { get; init; } = "self_attn.qkv_proj";

    /// <summary>Projection back from the heads.</summary>
    public string AttentionOutput { get; init; } = "self_attn.o_proj";

    /// <summary>The half of the feed-forward part that passes the activation.</summary>
    public string Gate { get; init; } = "mlp.gate_proj";

    /// <summary>The other half.</summary>
    public string Up { get; init; } = "mlp.up_proj";

    /// <summary>Gate and up in one matrix (Phi-3); null: two.</summary>
    public string? GateUp { get; init; }

    /// <summary>Projection back to the hidden size.</summary>
    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>What chooses experts.</summary>
    public string Router { get; init; } = "block_sparse_moe.gate";

    /// <summary>Experts; their number and a dot follow, then <see cref="Gate"/>, <see cref="Up"/> and <see cref="Down"/>.</summary>
    public string Experts { get; init; } = "block_sparse_moe.experts.";
}
