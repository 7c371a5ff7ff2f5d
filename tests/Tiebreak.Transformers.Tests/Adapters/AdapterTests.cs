using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
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
    [InlineData("""{"peft_type": "IA3"}""", "\"peft_type\" is \"IA3\"; it computes LORA")]
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
    [InlineData("""{"alora_invocation_tokens": [33, 4]}""", "\"alora_invocation_tokens\" is [33,4]; it computes adapters that act on every")]
    [InlineData("""{"trainable_token_indices": [3]}""", "\"trainable_token_indices\" names tokens, but")]
    [InlineData("""{"trainable_token_indices": {"embed_tokens": [3, 3]}}""", "\"embed_tokens\" is [3,3]")]
    [InlineData("""{"target_parameters": ["experts.gate"]}""", "\"target_parameters\" is [")]
    [InlineData("""{"use_qalora": true}""", "\"use_qalora\" is true")]
    [InlineData("""{"arrow_config": {"top_k": 2}}""", "\"arrow_config\" is {")]
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

    [Fact]
    public void Names_of_a_raw_state_dict_are_those_of_the_adapter()
    {
        using var folder = new TemporaryFolder();
        var adapter = TinyAdapter.Write(folder);
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var expected = Logits(folder, adapter);
        using var raw = new TemporaryFolder();
        TinyCheckpoint.Write(raw, TinyCheckpoint.Gemma2);
        adapter = TinyAdapter.Write(raw, change: tensors =>
        {
            foreach (var (name, tensor) in tensors.ToArray())
            {
                _ = tensors.Remove(name);
                tensors[name.Contains(".lora_")
                    ? name.Replace(".weight", ".default.weight", StringComparison.Ordinal)
                    : name.Replace("score.weight", "score.modules_to_save.default.weight", StringComparison.Ordinal)] = tensor;
            }

            tensors["base_model.model.score.original_module.weight"] = zeros(2, 16);
        });
        Assert.Equal(expected, Logits(raw, adapter));
    }

    [Fact]
    public void A_head_that_was_saved_is_what_the_adapter_is_for_whatever_its_task_type_says()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var expected = Logits(folder, TinyAdapter.Write(folder));
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"), Causal);
        Assert.Equal(expected, Logits(folder, TinyAdapter.Write(folder, config => config["task_type"] = null)));
    }

    [Fact]
    public void A_bias_of_the_head_that_was_saved_is_added()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var plain = Logits(folder, TinyAdapter.Write(folder));
        var biased = Logits(folder, TinyAdapter.Write(
            folder, change: tensors => tensors["base_model.model.score.bias"] = tensor(new float[] { 1, 2, 4 })));
        Assert.All(plain.Zip(biased), rows => Assert.Equal([1, 2, 4], rows.First.Zip(rows.Second, (a, b) => MathF.Round(b - a, 4))));
    }

    [Fact]
    public void A_vocabulary_that_was_enlarged_is_the_adapter_s()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder, change: tensors =>
        {
            using var generator = new Generator(8);
            tensors["base_model.model.model.embed_tokens.weight"] = TinyAdapter.Random(generator, 43, 16);
        });
        using var model = TransformerModel.Load(folder.Path, adapter: adapter);
        Assert.Equal(43, model.Backbone.VocabularySize);
        Assert.Equal(3, model.Compute([new TokenSequence("new", [1, 42, 2])]).Logits[0].Length);
    }

    /// <summary>PEFT leaves a tied head as it was when it adapts the embedding, and the embedding when it adapts the head.</summary>
    [Theory]
    [InlineData("lm_head.weight", false, true)]
    [InlineData("lm_head.lora", false, true)]
    [InlineData("embed_tokens.weight", true, false)]
    [InlineData("embed_tokens.lora", true, false)]
    public async Task An_adapter_parts_a_head_from_the_embedding_that_it_was_tied_to(string what, bool changesEmbedding, bool changesHead)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"), Causal);
        using var generator = new Generator(8);
        var (module, isWhole) = (what.Split('.')[0], what.EndsWith("weight", StringComparison.Ordinal));
        var name = module is "lm_head" ? $"base_model.model.{module}" : $"base_model.model.model.{module}";
        var adapter = TinyAdapter.Write(
            folder,
            config =>
            {
                config["task_type"] = "CAUSAL_LM";
                config["target_modules"] = isWhole ? new JsonArray("q_proj") : new JsonArray("q_proj", module);
            },
            tensors =>
            {
                RemoveAll(tensors, tensor => !tensor.Contains("q_proj"));
                if (isWhole)
                {
                    tensors[$"{name}.weight"] = TinyAdapter.Random(generator, 40, 16);
                }
                else if (module is "lm_head")
                {
                    TinyAdapter.Add(tensors, generator, name, 40);
                }
                else
                {
                    tensors[$"{name}.lora_embedding_A"] = TinyAdapter.Random(generator, TinyAdapter.Rank, 40);
                    tensors[$"{name}.lora_embedding_B"] = TinyAdapter.Random(generator, 16, TinyAdapter.Rank);
                }
            });
        using var files = ModelFiles.Open(folder.Path, adapter);
        Assert.Equal(HeadKind.Generator, files.HeadKind);
        var (plain, adapted) = (Tensors(adapted: null), Tensors(files));
        Assert.NotEqual(changesEmbedding, Same(plain.Embedding, adapted.Embedding));
        Assert.NotEqual(changesHead, Same(plain.Head, adapted.Head));
        using var model = TransformerModel.Load(folder.Path, adapter: adapter);
        var logits = model.Compute(Rows).Logits;
        Assert.Equal(40, logits[0].Length);

        _ = await AdapterMerge.RunAsync(folder.Path, adapter, folder["merged"]);
        using var merged = TransformerModel.Load(folder["merged"]);
        Assert.All(logits.Zip(merged.Compute(Rows).Logits), rows =>
            Assert.All(rows.First.Zip(rows.Second), value => Assert.Equal(value.First, value.Second, 1e-4f)));

        (Tensor Embedding, Tensor Head) Tensors(ModelFiles? adapted)
        {
            using var bare = adapted is null ? ModelFiles.Open(folder.Path, adapter: null) : null;
            var weights = (adapted ?? bare!).Weights(DType.Float32, CPU);
            var embedding = weights.Tensor("model.embed_tokens.weight", 40, 16).clone();
            return (embedding, adapted is null ? embedding : weights.Tensor("lm_head.weight", 40, 16).clone());
        }

        static bool Same(Tensor a, Tensor b) => allclose(a, b);
    }

    [Fact]
    public void Low_rank_parts_of_a_head_that_nobody_saved_are_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"));
        var adapter = TinyAdapter.Write(
            folder,
            config => config["target_modules"] = new JsonArray("q_proj", "v_proj", "score"),
            tensors =>
            {
                _ = tensors.Remove(TinyAdapter.Head);
                using var generator = new Generator(8);
                TinyAdapter.Add(tensors, generator, "base_model.model.score", 3);
            });
        Assert.Contains("holds the head itself: it was drawn at random", Refused(folder, adapter), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_nobody_knows_is_named()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder, config =>
            (config["peft_version"], config["use_new_method"], config["unused_yet"]) = ("0.18", true, false));
        using var files = ModelFiles.Open(folder.Path, adapter);
        Assert.Contains("does not know \"use_new_method\"", Assert.Single(files.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_in_the_place_of_a_model_names_its_base()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder);
        Assert.Contains("is a PEFT adapter for maker/tiny-gemma", Alone(), StringComparison.Ordinal);
        File.Copy(folder["config.json"], Path.Combine(adapter, "config.json"));
        Assert.Contains("no weights of the model: give the folder of maker/tiny-gemma", Alone(), StringComparison.Ordinal);

        string Alone() => Assert.Throws<InputException>(() => TransformerModel.Load(adapter)).Message;
    }

    private static string Causal =>
        TinyCheckpoint.Gemma2.Replace("Gemma2ForSequenceClassification", "Gemma2ForCausalLM", StringComparison.Ordinal);

    private static IReadOnlyList<float[]> Logits(TemporaryFolder folder, string adapter)
    {
        using var model = TransformerModel.Load(folder.Path, adapter: adapter);
        return model.Compute(Rows).Logits;
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
