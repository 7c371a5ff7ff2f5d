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
