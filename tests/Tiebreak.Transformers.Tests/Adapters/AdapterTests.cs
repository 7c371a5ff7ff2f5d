using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Adapters;

/// <summary>
/// What the golden cases lack: patterns, layers, biases and embeddings. Each adapter is compared with a base into which a formula in
/// float64 has written it.
/// </summary>
public sealed class AdapterTests
{
    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];

    [Fact]
    public void Ranks_and_alphas_by_pattern()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(
            folder,
            config =>
            {
                config["rank_pattern"] = new JsonObject { ["layers.1.self_attn.q_proj"] = 5 };
                config["alpha_pattern"] = new JsonObject { [@".*\.v_proj"] = 7.5, ["layers.1.self_attn.q_proj"] = 2 };
            },
            tensors =>
            {
                using var generator = new Generator(8);
                TinyAdapter.Add(tensors, generator, TinyAdapter.Layer(1, "self_attn.q_proj"), 32, rank: 5);
            });
        SameAsWritten(
            folder,
            adapter,
            (module, rank) => module.EndsWith("v_proj", StringComparison.Ordinal) ? 7.5 / rank : rank == 5 ? 2.0 / 5 : 1.5);
    }

    [Theory]
    [InlineData("""[1]""", """["q_proj", "v_proj"]""")]
    [InlineData("1", """["q_proj", "v_proj"]""")]
    [InlineData("null", "\"model\\\\.layers\\\\.1\\\\.self_attn\\\\.[qv]_proj\"")]
    public void Some_layers_only(string layers, string targets)
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(
            folder,
            config => (config["layers_to_transform"], config["target_modules"]) = (JsonNode.Parse(layers), JsonNode.Parse(targets)),
            tensors => RemoveAll(tensors, name => name.Contains("layers.0.")));
        SameAsWritten(folder, adapter, (_, _) => 1.5);
    }

    [Fact]
    public void Every_linear_layer_but_those_excluded()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(
            folder,
            config =>
                (config["target_modules"], config["exclude_modules"]) = ("all-linear", @".*\.(k_proj|o_proj|gate_proj|up_proj|down_proj)"));
        SameAsWritten(folder, adapter, (_, _) => 1.5);
    }

    [Fact]
    public void Embeddings_have_adapters_too()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(
            folder,
            config => config["target_modules"]!.AsArray().Add("embed_tokens"),
            tensors =>
            {
                using var generator = new Generator(8);
                tensors["base_model.model.model.embed_tokens.lora_embedding_A"] = TinyAdapter.Random(generator, TinyAdapter.Rank, 40);
                tensors["base_model.model.model.embed_tokens.lora_embedding_B"] = TinyAdapter.Random(generator, 16, TinyAdapter.Rank);
            });
        SameAsWritten(folder, adapter, (_, _) => 1.5);
    }

    [Fact]
    public void Modules_that_were_trained_whole_take_the_place_of_the_base()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(folder, change: tensors =>
        {
            using var generator = new Generator(8);
            tensors["base_model.model.model.embed_tokens.weight"] = TinyAdapter.Random(generator, 40, 16);
            tensors["base_model.model.model.norm.weight"] = TinyAdapter.Random(generator, 16);
            tensors["base_model.model.model.layers.1.mlp.down_proj.weight"] = TinyAdapter.Random(generator, 16, 24);
        });
        SameAsWritten(folder, adapter, (_, _) => 1.5);
    }

    [Fact]
    public void Biases_that_were_trained_take_the_place_of_the_base()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(
            folder,
            config =>
            {
                config["bias"] = "all";
                config["target_modules"] = new JsonArray("query_proj");
            },
            tensors =>
            {
                using var generator = new Generator(8);
                tensors.Clear();
                for (var layer = 0; layer < 2; layer++)
                {
                    var prefix = $"base_model.model.deberta.encoder.layer.{layer}.";
                    TinyAdapter.Add(tensors, generator, $"{prefix}attention.self.query_proj", 16);
                    foreach (var name in new[] { "attention.self.query_proj", "attention.self.value_proj", "output.LayerNorm" })
                        tensors[$"{prefix}{name}.bias"] = TinyAdapter.Random(generator, 16);
                }
            });
        SameAsWritten(folder, adapter, (_, _) => 1.5, TinyCheckpoint.Deberta);
    }

    [Fact]
    public void A_folder_without_weights_or_configuration_is_refused()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        Assert.Contains("is no folder", Refused(folder, folder["none"]), StringComparison.Ordinal);
        Assert.Contains("holds no adapter_config.json", Refused(folder, folder.Path), StringComparison.Ordinal);
        var adapter = TinyAdapter.Write(folder);
        File.Delete(Path.Combine(adapter, "adapter_model.safetensors"));
        Assert.Contains("holds no weights; expected adapter_model.safetensors", Refused(folder, adapter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"peft_type": "IA3"}""", "\"peft_type\" is \"IA3\"; it must be LORA")]
    [InlineData("""{"task_type": "SEQ_2_SEQ_LM"}""", "\"task_type\" is \"SEQ_2_SEQ_LM\"")]
    [InlineData("""{"target_modules": null}""", "no \"target_modules\"")]
    [InlineData("""{"target_modules": "["}""", "made of regular expressions; [ is none")]
    [InlineData("""{"target_modules": ["query"]}""", "\"target_modules\" names no layer of the gemma2 model")]
    [InlineData("""{"target_modules": ["q_proj"]}""", "4 unused: base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight")]
    [InlineData("""{"target_modules": ["q_proj", "v_proj", "up_proj"]}""", "missing: model.layers.0.mlp.up_proj.lora_A.weight")]
    [InlineData("""{"r": 4}""", "lora_A.weight [2, 16] where [4, 16] is needed")]
    [InlineData("""{"use_dora": true}""", "missing: model.layers.0.self_attn.q_proj.lora_magnitude_vector")]
    [InlineData("""{"init_lora_weights": "pissa_niter_4"}""", "\"init_lora_weights\" is \"pissa_niter_4\"")]
    [InlineData("""{"fan_in_fan_out": true}""", "\"fan_in_fan_out\" is true")]
    [InlineData("""{"layer_replication": [[0, 1]]}""", "\"layer_replication\" is")]
    [InlineData("""{"rank_pattern": {"q_proj": 2.5}}""", "\"rank_pattern\" is")]
    public void A_configuration_that_does_not_fit(string changes, string message)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder, config =>
        {
            foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
                config[key] = value?.DeepClone();
        });
        Assert.Contains(message, Refused(folder, adapter), StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_for_another_base_says_for_which()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(
            folder, change: tensors => tensors[$"{TinyAdapter.Layer(1, "self_attn.v_proj")}.lora_B.weight"] = zeros(48, TinyAdapter.Rank));
        var message = Refused(folder, adapter);
        Assert.Contains(
            "lora_B.weight [48, 2] where [16, 2] is needed; it was made for maker/tiny-gemma, and needs that base",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_neither_the_base_nor_the_adapter_has_is_not_made_up()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"));
        var adapter = TinyAdapter.Write(folder, change: tensors => tensors.Remove(TinyAdapter.Head));
        var message = Refused(folder, adapter);
        Assert.Contains("adapter_model.safetensors brings) does not hold", message, StringComparison.Ordinal);
        Assert.Contains("1 missing: score.weight", message, StringComparison.Ordinal);
    }

    private static string Refused(TemporaryFolder folder, string adapter) =>
        Assert.Throws<InputException>(() => TransformerModel.Load(folder.Path, adapter: adapter)).Message;

    /// <summary>
    /// Applied at run time the adapter gives what a plain checkpoint gives that a formula wrote it into; without it the numbers are others.
    /// </summary>
    private static void SameAsWritten(
        TemporaryFolder folder, string adapter, Func<string, long, double> scaling, string config = TinyCheckpoint.Gemma2)
    {
        TinyCheckpoint.Write(folder, config);
        using var plain = TransformerModel.Load(folder.Path);
        using var adapted = TransformerModel.Load(folder.Path, adapter: adapter);

        using var written = new TemporaryFolder();
        TinyCheckpoint.Write(written, config, tensors => WriteInto(tensors, adapter, scaling));
        using var expected = TransformerModel.Load(written.Path);
        var (wanted, actual) = (expected.Compute(Rows).Logits, adapted.Compute(Rows).Logits);
        Assert.All(
            wanted.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, 1e-4f)));
        Assert.True(Math.Abs(plain.Compute(Rows).Logits[0][0] - actual[0][0]) > 1e-2);
    }

    private static void WriteInto(Dictionary<string, Tensor> tensors, string adapter, Func<string, long, double> scaling)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(Path.Combine(adapter, "adapter_model.safetensors"));
        foreach (var entry in checkpoint.Entries)
        {
            var name = entry.Name["base_model.model.".Length..];
            if (name.Contains(".lora_embedding_A") || name.Contains(".lora_A."))
            {
                var module = name[..name.IndexOf(".lora_", StringComparison.Ordinal)];
                var (down, up) = (
                    checkpoint.Load(entry.Name).to(ScalarType.Float64),
                    checkpoint.Load(entry.Name.Replace("_A", "_B")).to(ScalarType.Float64));
                var product = up.matmul(down) * scaling(module, down.shape[0]);
                Add($"{module}.weight", name.Contains("embedding") ? product.t() : product);
            }
            else if (!name.Contains(".lora_"))
            {
                tensors[name] = checkpoint.Load(entry.Name).DetachFromDisposeScope();
            }
        }

        void Add(string name, Tensor added) =>
            tensors[name] = (tensors[name].to(ScalarType.Float64) + added).to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
    }

    private static void RemoveAll(Dictionary<string, Tensor> tensors, Predicate<string> matches)
    {
        foreach (var name in tensors.Keys.Where(name => matches(name)).ToArray())
            _ = tensors.Remove(name);
    }
}
