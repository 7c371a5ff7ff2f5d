using System.Text;
using Tiebreak.Testing;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Tests;

/// <summary>
/// Names and shapes of real sizes, without weights. The numbers of parameters are those that the hubs show for the published files.
/// </summary>
public sealed class PublishedSizeTests
{
    [Theory]
    // Gemma 2 9B
    [InlineData(
        "gemma2", 256000, 3584, 14336, 42, 16, 8, """, "head_dim": 256, "query_pre_attn_scalar": 256, "sliding_window": 4096 """,
        9_241_705_984)]
    // Gemma 2 27B
    [InlineData(
        "gemma2", 256000, 4608, 36864, 46, 32, 16, """, "head_dim": 128, "query_pre_attn_scalar": 144, "sliding_window": 4096 """,
        27_227_128_320)]
    [InlineData("gemma", 256000, 2048, 16384, 18, 8, 1, """, "head_dim": 256 """, 2_506_172_416)] // Gemma 2B
    [InlineData("llama", 32000, 4096, 11008, 32, 32, 32, "", 6_738_415_616)] // Llama 2 7B
    [InlineData("llama", 128256, 4096, 14336, 32, 32, 8, "", 8_030_261_248)] // Llama 3.1 8B
    [InlineData("llama", 128256, 8192, 28672, 80, 64, 8, "", 70_553_706_496)] // Llama 3 70B
    [InlineData("llama", 128256, 2048, 8192, 16, 32, 8, """, "tie_word_embeddings": true """, 1_235_814_400)] // Llama 3.2 1B
    [InlineData("llama", 64000, 7168, 20480, 60, 56, 8, "", 34_388_917_248)] // Yi 34B
    [InlineData("llama", 32000, 2048, 5632, 22, 32, 4, "", 1_100_048_384)] // TinyLlama
    [InlineData("mistral", 32000, 4096, 14336, 32, 32, 8, """, "sliding_window": 4096 """, 7_241_732_096)] // Mistral 7B
    [InlineData("mistral", 131072, 5120, 14336, 40, 32, 8, """, "head_dim": 128 """, 12_247_782_400)] // Mistral NeMo
    [InlineData("mistral", 32000, 2560, 6912, 24, 32, 8, "", 1_831_201_280)] // Danube 2
    // Mixtral 8x7B
    [InlineData("mixtral", 32000, 4096, 14336, 32, 32, 8, """, "num_local_experts": 8, "num_experts_per_tok": 2 """, 46_702_792_704)]
    [InlineData("qwen2", 152064, 3584, 18944, 28, 28, 4, "", 7_615_616_512)] // Qwen 2.5 7B
    [InlineData("phi3", 32064, 3072, 8192, 32, 32, 32, """, "sliding_window": 2047 """, 3_821_079_552)] // Phi-3 mini
    [InlineData("internlm2", 92544, 4096, 14336, 32, 32, 8, """, "bias": false """, 7_737_708_544)] // InternLM2 7B
    [InlineData("qwen3", 151936, 1024, 3072, 28, 16, 8, """, "head_dim": 128, "tie_word_embeddings": true """, 596_049_920)] // Qwen 3 0.6B
    [InlineData("qwen3", 151936, 4096, 12288, 36, 32, 8, """, "head_dim": 128 """, 8_190_735_360)] // Qwen 3 8B
    // Qwen 3 30B-A3B
    [InlineData(
        "qwen3_moe", 151936, 2048, 6144, 48, 32, 4,
        """, "head_dim": 128, "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768, "mlp_only_layers": [] """,
        30_532_122_624)]
    // Gemma 3 1B
    [InlineData(
        "gemma3_text", 262144, 1152, 6912, 26, 4, 1, """, "head_dim": 256, "query_pre_attn_scalar": 256, "sliding_window": 512 """,
        999_885_952)]
    [InlineData("olmo2", 100352, 4096, 11008, 32, 32, 32, "", 7_298_617_344)] // OLMo 2 7B
    [InlineData("smollm3", 128256, 2048, 11008, 36, 16, 4, """, "tie_word_embeddings": true """, 3_075_098_624)] // SmolLM 3 3B
    [InlineData("granite", 49159, 2048, 8192, 40, 32, 8, """, "tie_word_embeddings": true """, 2_533_539_840)] // Granite 3.3 2B
    [InlineData("glm", 151552, 4096, 13696, 40, 32, 2, """, "head_dim": 128, "attention_bias": true """, 9_399_951_360)] // GLM-4 9B
    [InlineData("glm4", 151552, 4096, 13696, 40, 32, 2, """, "head_dim": 128, "attention_bias": true """, 9_400_279_040)] // GLM-4 9B 0414
    [InlineData("cohere2", 256000, 4096, 14336, 32, 32, 8, """, "head_dim": 128, "sliding_window": 4096 """, 8_028_033_024)] // Command R7B
    [InlineData("gpt_neox", 50304, 1024, 4096, 24, 16, 16, """, "hidden_act": "gelu" """, 405_334_016)] // Pythia 410M
    [InlineData("gpt_neox", 50432, 4096, 16384, 32, 32, 32, """, "hidden_act": "gelu" """, 6_857_302_016)] // Pythia 6.9B
    // Phi-4-mini
    [InlineData(
        "phi3", 200064, 3072, 8192, 32, 24, 8, """, "partial_rotary_factor": 0.75, "tie_word_embeddings": true """, 3_836_021_760)]
    [InlineData("mistral", 131072, 5120, 32768, 40, 32, 8, """, "head_dim": 128 """, 23_572_403_200)] // Mistral Small 3
    public void Decoders_ask_for_as_many_parameters_as_are_published(
        string type, int vocabulary, int hidden, int intermediate, int layers, int heads, int keyHeads, string more, long parameters)
    {
        var config = Parse($$"""
            {
              "model_type": "{{type}}", "vocab_size": {{vocabulary}}, "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
              "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyHeads}}, "max_position_embeddings": 4096, "rms_norm_eps": 1e-5{{more}}
            }
            """);
        Assert.Equal(parameters, TransformerModel.TensorsOf(config, HeadKind.Generator).Sum(tensor => tensor.Count));
    }

    [Theory]
    [InlineData("bert", 30522, 768, 3072, 12, 12, """, "max_position_embeddings": 512 """, 109_483_778)] // BERT base
    // RoBERTa base
    [InlineData(
        "roberta", 50265, 768, 3072, 12, 12, """, "max_position_embeddings": 514, "pad_token_id": 1, "type_vocab_size": 1 """, 124_647_170)]
    // XLM-RoBERTa base
    [InlineData(
        "xlm-roberta", 250002, 768, 3072, 12, 12,
        """, "max_position_embeddings": 514, "pad_token_id": 1, "type_vocab_size": 1 """, 278_045_186)]
    // ELECTRA base
    [InlineData("electra", 30522, 768, 3072, 12, 12, """, "max_position_embeddings": 512, "embedding_size": 768 """, 109_483_778)]
    [InlineData("modernbert", 50368, 768, 1152, 22, 12, """, "max_position_embeddings": 8192 """, 149_606_402)] // ModernBERT base
    [InlineData("deberta-v2", 128100, 768, 3072, 12, 12, DebertaV3, 184_423_682)] // DeBERTa-v3 base
    [InlineData("deberta-v2", 128100, 1024, 4096, 24, 16, DebertaV3, 435_063_810)] // DeBERTa-v3 large
    public void Encoders_with_two_labels_ask_for_as_many_parameters_as_are_published(
        string type, int vocabulary, int hidden, int intermediate, int layers, int heads, string more, long parameters)
    {
        var config = Parse($$"""
            {
              "model_type": "{{type}}", "vocab_size": {{vocabulary}}, "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
              "num_attention_heads": {{heads}}{{more}}
            }
            """);
        Assert.Equal(parameters, TransformerModel.TensorsOf(config, HeadKind.Classifier).Sum(tensor => tensor.Count));
    }

    [Fact]
    public void DistilBert_base_with_two_labels_has_as_many_parameters_as_are_published()
    {
        var config = Parse("""
            {
              "model_type": "distilbert", "vocab_size": 30522, "dim": 768, "hidden_dim": 3072, "n_layers": 6, "n_heads": 12,
              "max_position_embeddings": 512
            }
            """);
        Assert.Equal(66_955_010, TransformerModel.TensorsOf(config, HeadKind.Classifier).Sum(tensor => tensor.Count));
    }

    /// <summary>The published files of Gemma 3 state those fields only that differ from the class; the vision part is not counted.</summary>
    [Theory]
    [InlineData(2560, 10240, 34, "", 3_880_263_168)] // 4B
    [InlineData(3840, 15360, 48, """, "num_attention_heads": 16, "num_key_value_heads": 8 """, 11_766_034_176)] // 12B
    public void The_text_part_of_Gemma_3(int hidden, int intermediate, int layers, string more, long parameters)
    {
        var config = Parse($$"""
            {
              "model_type": "gemma3", "text_config": {
                "model_type": "gemma3_text", "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
                "rope_scaling": {"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024{{more}}
              }
            }
            """);
        Assert.Equal(parameters, TransformerModel.TensorsOf(config, HeadKind.Generator).Sum(tensor => tensor.Count));
    }

    [Fact]
    public void Names_and_shapes_of_a_judge_out_of_Gemma_2_9B()
    {
        var config = Parse("""
            {
              "model_type": "gemma2", "vocab_size": 256000, "hidden_size": 3584, "intermediate_size": 14336, "num_hidden_layers": 42, "num_attention_heads": 16,
              "num_key_value_heads": 8, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "head_dim": 256, "query_pre_attn_scalar": 256, "sliding_window": 4096,
              "id2label": {"0": "A", "1": "B", "2": "tie"}
            }
            """);
        var tensors = TransformerModel.TensorsOf(config, HeadKind.Classifier);
        Assert.Equal(2 + 1 + (42 * 11), tensors.Count);
        Snapshot.Match(
            string.Join('\n', tensors.Where(tensor => !tensor.Name.Contains("layers.") || tensor.Name.Contains("layers.41."))
                .Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]")),
            "gemma-2-9b");
    }

    /// <summary>
    /// Names and shapes of Gemma 2 27B and Llama 3 70B, as their configurations and the layout of transformers give them.
    /// </summary>
    [Theory]
    [InlineData("gemma2", 256000, 4608, 36864, 46, 32, 16, 128, true, 4)]
    [InlineData("llama", 128256, 8192, 28672, 80, 64, 8, 128, false, 2)]
    public void Names_and_shapes_of_the_large_ones(
        string type, int vocabulary, int hidden, int intermediate, int layers, int heads, int keyHeads,
        int dimension, bool isTied, int norms)
    {
        var config = Parse($$"""
            {
              "model_type": "{{type}}", "vocab_size": {{vocabulary}}, "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
              "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyHeads}}, "head_dim": {{dimension}}, "max_position_embeddings": 8192, "rms_norm_eps": 1e-5,
              "query_pre_attn_scalar": 144, "sliding_window": 4096
            }
            """);
        var tensors = TransformerModel.TensorsOf(config, HeadKind.Generator)
            .ToDictionary(tensor => tensor.Name, tensor => string.Join('x', tensor.Shape), StringComparer.Ordinal);
        Assert.Equal(2 + (isTied ? 0 : 1) + (layers * (7 + norms)), tensors.Count);
        Assert.Equal($"{vocabulary}x{hidden}", tensors["model.embed_tokens.weight"]);
        Assert.Equal($"{hidden}", tensors["model.norm.weight"]);
        var layer = $"model.layers.{layers - 1}.";
        Assert.Equal($"{heads * dimension}x{hidden}", tensors[$"{layer}self_attn.q_proj.weight"]);
        Assert.Equal($"{keyHeads * dimension}x{hidden}", tensors[$"{layer}self_attn.k_proj.weight"]);
        Assert.Equal($"{keyHeads * dimension}x{hidden}", tensors[$"{layer}self_attn.v_proj.weight"]);
        Assert.Equal($"{hidden}x{heads * dimension}", tensors[$"{layer}self_attn.o_proj.weight"]);
        Assert.Equal($"{intermediate}x{hidden}", tensors[$"{layer}mlp.gate_proj.weight"]);
        Assert.Equal($"{intermediate}x{hidden}", tensors[$"{layer}mlp.up_proj.weight"]);
        Assert.Equal($"{hidden}x{intermediate}", tensors[$"{layer}mlp.down_proj.weight"]);
        Assert.Equal(norms, tensors.Count(tensor =>
            tensor.Key.StartsWith(layer, StringComparison.Ordinal) && tensor.Key.EndsWith("layernorm.weight", StringComparison.Ordinal)));
        Assert.Equal(!isTied, tensors.ContainsKey("lm_head.weight"));
    }

    private const string DebertaV3 = """
        , "max_position_embeddings": 512, "type_vocab_size": 0, "relative_attention": true, "position_buckets": 256, "norm_rel_ebd": "layer_norm",
        "share_att_key": true, "pos_att_type": "p2c|c2p", "position_biased_input": false
        """;

    private static ModelConfig Parse(string json) => ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
