namespace Tiebreak.Transformers.Encoders;

/// <summary>What a family calls its tensors; the defaults are BERT's. Names of a layer's parts follow the layer's own prefix.</summary>
internal sealed record EncoderNames
{
    /// <summary>Before everything but the head: <c>bert.</c></summary>
    public required string Prefix { get; init; }

    /// <summary>The projection of embeddings that are not of the hidden size.</summary>
    public string EmbeddingProjection { get; init; } = "embeddings.embed_proj";

    /// <summary>The layers; their number and a dot follow.</summary>
    public string Layers { get; init; } = "encoder.layer.";

    /// <summary>Projection to queries.</summary>
    public string Query { get; init; } = "attention.self.query";

    /// <summary>Projection to keys.</summary>
    public string Key { get; init; } = "attention.self.key";

    /// <summary>Projection to values.</summary>
    public string Value { get; init; } = "attention.self.value";

    /// <summary>DeBERTa: projection of relative positions to keys, where they have their own.</summary>
    public string PositionKey { get; init; } = "attention.self.pos_key_proj";

    /// <summary>DeBERTa: projection of relative positions to queries, where they have their own.</summary>
    public string PositionQuery { get; init; } = "attention.self.pos_query_proj";

    /// <summary>Projection back from the heads.</summary>
    public string AttentionOutput { get; init; } = "attention.output.dense";

    /// <summary>The norm after attention.</summary>
    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    /// <summary>The feed-forward part, into its inner size.</summary>
    public string Inner { get; init; } = "intermediate.dense";

    /// <summary>The feed-forward part, back to the hidden size.</summary>
    public string Output { get; init; } = "output.dense";

    /// <summary>The norm after the feed-forward part.</summary>
    public string OutputNorm { get; init; } = "output.LayerNorm";
}
