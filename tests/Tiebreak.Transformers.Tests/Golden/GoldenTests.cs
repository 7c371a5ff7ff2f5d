using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Tests.Golden;

/// <summary>Every golden case but those of training, in float32: logits, final hidden states and the state after each layer.</summary>
public sealed class GoldenTests
{
    private const double BFloat16Share = 0.125;

    public static TheoryData<string> Cases =>
    [
        "awq_llama", "bert", "cohere2_causal", "deberta_v2", "deberta_v2_plain", "deberta_v3", "deberta_v3_beyond_max", "distilbert",
        "electra", "gemma", "gemma2", "gemma2_bf16", "gemma2_causal", "gemma3_causal", "gemma3_multimodal", "gemma3_multimodal_causal",
        "gemma3_text", "glm", "glm4", "gpt_neox", "gpt_neox_serial", "gptq_desc_act_mistral", "gptq_llama", "granite_causal", "internlm2",
        "internlm2_reward", "llama31_rope", "llama32_tied", "llama_causal", "llama_gqa", "llama_sharded", "llama_yarn",
        "lora_causal_base_gemma2", "lora_dora_llama", "lora_llama", "lora_rslora_gemma2", "mistral_fp16", "mistral_nemo", "mistral_sw",
        "mixtral", "modernbert", "modernbert_mean", "nf4_double_gemma2", "nf4_llama", "olmo2_causal", "phi3", "phi3_longrope",
        "phi3_partial", "phi4_mini", "qwen2", "qwen3", "qwen3_causal", "qwen3_moe", "qwen3_reward", "roberta", "smollm3", "xlm_roberta",
    ];

    /// <summary>Those that have their configuration in both spellings.</summary>
    public static TheoryData<string> CasesOfTransformers5 =>
    [
        "cohere2_causal", "gemma2", "gemma3_causal", "gemma3_multimodal", "gemma3_multimodal_causal", "gemma3_text", "glm", "glm4",
        "gpt_neox", "gpt_neox_serial", "granite_causal", "llama31_rope", "llama_yarn", "mistral_nemo", "mixtral", "modernbert",
        "modernbert_mean", "olmo2_causal", "phi3_partial", "phi4_mini", "qwen3", "qwen3_causal", "qwen3_moe", "qwen3_reward", "smollm3",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_gives_what_transformers_gave(string name)
    {
        var golden = new GoldenCase(name);
        using var model = TransformerModel.Load(golden.Folder, adapter: golden.Adapter);
        Compare(golden, golden.Batches, model);
    }

    [Theory]
    [MemberData(nameof(CasesOfTransformers5))]
    public void The_spelling_of_transformers_5_gives_the_same(string name)
    {
        var golden = new GoldenCase(name);
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(golden.Folder, "*.safetensors"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        File.Copy(Path.Combine(golden.Folder, "config.v5.json"), folder["config.json"]);

        using var model = TransformerModel.Load(folder.Path);
        Compare(golden, golden.Batches.Take(1), model);
    }

    [Fact]
    public void Longrope_rows_by_themselves_take_the_factors_of_their_own_length()
    {
        var golden = new GoldenCase("phi3_longrope");
        using var model = TransformerModel.Load(golden.Folder);
        foreach (var (input, expected) in golden.Batches.Where(batch => batch.Expected.ContainsKey("logits_each_alone")))
        {
            var output = model.Compute(GoldenCase.Rows(input).Rows);
            Near(expected["logits_each_alone"]!, output.Logits, golden.LogitsTolerance, $"{input["name"]} alone");
        }
    }

    /// <summary>
    /// Stored in float32, computed in bfloat16, whose numbers have eight bits: within an eighth of the largest logit of the case (0.092 at
    /// most when measured).
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void BFloat16_stays_within_its_bound(string name)
    {
        var golden = new GoldenCase(name);
        using var model = TransformerModel.Load(golden.Folder, DType.BFloat16, adapter: golden.Adapter);
        var key = model.HeadKind is HeadKind.Classifier ? "logits" : "next_token_logits";
        var largest = golden.Batches.Max(batch =>
            batch.Expected[key]!.AsArray().Max(row => row!.AsArray().Max(value => Math.Abs((float)value!))));
        foreach (var (input, expected) in golden.Batches)
        {
            var (rows, _, length) = GoldenCase.Rows(input);
            Near(expected[key]!, model.Compute(rows, paddedLength: length).Logits, largest * BFloat16Share, $"{input["name"]} in bfloat16");
        }
    }

    private static void Compare(GoldenCase golden, IEnumerable<(JsonObject Input, JsonObject Expected)> batches, TransformerModel model)
    {
        foreach (var (input, expected) in batches)
        {
            var (rows, before, length) = GoldenCase.Rows(input);
            var output = model.Compute(rows, paddedLength: length);

            Near(
                expected[model.HeadKind is HeadKind.Classifier ? "logits" : "next_token_logits"]!,
                output.Logits,
                golden.LogitsTolerance,
                $"{input["name"]} logits");
            Near(expected["layer_trace"]!, output.LayerTrace, before, golden.HiddenTolerance);
            Near(expected["last_hidden_state"]!, output.LastHiddenStates, before, golden.HiddenTolerance);
        }
    }

    private static void Near(JsonNode expected, IReadOnlyList<float[]> actual, double tolerance, string what)
    {
        var rows = expected.AsArray();
        Assert.Equal(rows.Count, actual.Count);
        for (var i = 0; i < rows.Count; i++)
            Near(rows[i]!.AsArray(), actual[i], tolerance, $"{what}, row {i}");
    }

    private static void Near(JsonNode expected, IReadOnlyList<HiddenSample> actual, int[] before, double tolerance)
    {
        var samples = expected.AsArray();
        Assert.Equal(samples.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++)
        {
            var sample = samples[i]!;
            Assert.Equal((int)sample["row"]!, actual[i].Row);
            Assert.Equal((int)sample["position"]!, actual[i].Position + before[actual[i].Row]);
            if (sample["hidden_state_index"] is { } layer)
                Assert.Equal((int)layer, actual[i].Layer);
            Near(sample["first8"]!.AsArray(), actual[i].Values, tolerance, sample.ToJsonString());
        }
    }

    private static void Near(JsonArray expected, IReadOnlyList<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++)
            Assert.True(Math.Abs((float)expected[i]! - actual[i]) <= tolerance, $"{what}: {actual[i]} instead of {expected[i]} at {i}");
    }
}
