namespace Tiebreak.Transformers.Tests;

/// <summary>A small configuration of each family that no other test has, for <see cref="TinyCheckpoint"/>.</summary>
internal static class TinyFamilies
{
    private const string Labels = """ "id2label": {"0": "A", "1": "B", "2": "tie"} """;

    private const string Layers = """
        "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64
        """;

    private const string Heads = """ "num_key_value_heads": 2, "head_dim": 8, "rms_norm_eps": 1e-6 """;

    private const string Gemma3Text =
        $$"""{{Layers}}, {{Heads}}, "query_pre_attn_scalar": 8, "sliding_window": 5, "sliding_window_pattern": 2""";

    public static IReadOnlyDictionary<string, string> Configurations { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["qwen3"] = Decoder("qwen3"),
        ["qwen3_moe"] = Decoder("qwen3_moe", """
            "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16, "norm_topk_prob": false, "mlp_only_layers": [1]
            """),
        ["gemma3_text"] = Write("gemma3_text", Gemma3Text),
        ["gemma3"] = Write("gemma3", $$""" "text_config": { {{Gemma3Text}} } """),
        ["mistral3"] = Write("mistral3", $$""" "text_config": { {{Layers}}, {{Heads}}, "sliding_window": null } """),
        ["olmo2"] = Decoder("olmo2"),
        ["smollm3"] = Decoder("smollm3", """ "no_rope_layers": [1, 0] """),
        ["granite"] = Decoder("granite", """
            "embedding_multiplier": 4.0, "residual_multiplier": 0.5, "attention_multiplier": 0.3, "logits_scaling": 2.0
            """),
        ["glm"] = Decoder("glm", """ "attention_bias": true """),
        ["glm4"] = Decoder("glm4"),
        ["phi3"] = Decoder("phi3", """ "partial_rotary_factor": 0.75 """),
        ["cohere2"] = Write("cohere2", $$"""
            {{Layers}}, "num_key_value_heads": 2, "head_dim": 8, "layer_norm_eps": 1e-5, "sliding_window": 5, "sliding_window_pattern": 2
            """),
        ["gpt_neox"] = Write("gpt_neox", $$"""{{Layers}}, "hidden_act": "gelu", "rotary_pct": 0.5"""),
        ["modernbert"] = Write("modernbert", $$"""
            {{Layers}}, "local_attention": 6, "global_attn_every_n_layers": 2, "classifier_pooling": "mean", "norm_bias": true
            """),
        ["xlm-roberta"] = Write("xlm-roberta", $$"""{{Layers}}, "pad_token_id": 1, "type_vocab_size": 1"""),
        ["electra"] = Write("electra", $$"""{{Layers}}, "embedding_size": 8"""),
        ["distilbert"] = Write("distilbert", """
            "vocab_size": 40, "dim": 16, "hidden_dim": 24, "n_layers": 2, "n_heads": 4, "max_position_embeddings": 64
            """),
    };

    public static TheoryData<string> Names => [.. Configurations.Keys];

    private static string Decoder(string type, string? more = null) =>
        Write(type, more is null ? $"{Layers}, {Heads}" : $"{Layers}, {Heads}, {more}");

    private static string Write(string type, string fields) =>
        $$"""{"model_type": "{{type}}", "architectures": ["SomeForSequenceClassification"], {{Labels}}, {{fields}}}""";
}
