using Tiebreak.Data;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using TorchSharp;

namespace Tiebreak.Cli.Tests;

/// <summary>
/// The recipe "tune in 4 bit, merge, quantise, score" through the command line, on a made-up Llama with a made-up adapter.
/// </summary>
public sealed class ModelPackingTests : IDisposable
{
    private const int Hidden = 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Quantise_merge_and_quantise_again()
    {
        WriteModel();
        var battles = WriteBattles();
        var nf4 = await CommandRun.OfAsync(
            "model", "quantize", _folder["base"], "--format", "nf4", "--double-quantization", "--out", _folder["nf4"], "--data", battles,
            "--max-tokens", "64", "--json");
        Assert.True(nf4.ExitCode == 0, nf4.Errors);
        Assert.Equal(14, (int)nf4.Json["layers"]!);
        Assert.True((long)nf4.Json["bytes_after"]! < (long)nf4.Json["bytes_before"]! / 2);
        Assert.Equal(64, (int)nf4.Json["drift"]!["rows"]!);
        Assert.InRange((double)nf4.Json["drift"]!["mean_change"]!, 1e-6, 0.2);

        var merge = await CommandRun.OfAsync(
            "model", "merge", _folder["nf4"], "--adapter", _folder["adapter"], "--out", _folder["merged"], "--data", battles,
            "--max-tokens", "64", "--json");
        Assert.True(merge.ExitCode == 0, merge.Errors);
        Assert.InRange((double)merge.Json["drift"]!["largest_change"]!, 0, 1e-4);

        foreach (var format in new[] { "gptq", "awq", "int8" })
        {
            var packed = await CommandRun.OfAsync(
                "model", "quantize", _folder["merged"], "--format", format, "--group-size", "32", "--out", _folder[format], "--data",
                battles, "--max-tokens", "64", "--drift-rows", "20");
            Assert.True(packed.ExitCode == 0, packed.Errors);
            Assert.Contains($"14 linear layers as {format}", packed.Output, StringComparison.Ordinal);
            Assert.Contains("Mean change of a probability", packed.Output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(_folder[format], "vocab.txt")));

            var inputs = _folder.Write(
                "inputs.json", """{"batches": [{"input_ids": [[2, 5, 6, 7, 3]], "attention_mask": [[1, 1, 1, 1, 1]]}]}""");
            var scored = await CommandRun.OfAsync("model", "logits", _folder[format], "--inputs", inputs, "--json");
            Assert.True(scored.ExitCode == 0, scored.Errors);
            Assert.Equal(3, scored.Json["batches"]![0]!["logits"]![0]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task The_layer_that_loses_most_in_int8_can_stay()
    {
        WriteModel();
        var packed = await CommandRun.OfAsync(
            "model", "quantize", _folder["base"], "--format", "int8", "--keep-layers", "1", "--calibration-rows", "4", "--drift-rows", "4",
            "--data", WriteBattles(), "--max-tokens", "64", "--out", _folder["kept"]);
        Assert.True(packed.ExitCode == 0, packed.Errors);
        Assert.Contains("7 linear layers as int8", packed.Output, StringComparison.Ordinal);
        Assert.Contains("the layers that lose most in int8", packed.Output, StringComparison.Ordinal);

        var inspected = await CommandRun.OfAsync("model", "inspect", _folder["kept"]);
        Assert.Matches("int8, layers left as they are: [01]\\b", inspected.Output);
        var refused = await CommandRun.OfAsync(
            "model", "quantize", _folder["base"], "--format", "int8", "--keep-layers", "2", "--data", _folder["battles.jsonl"],
            "--max-tokens", "64", "--out", _folder["none"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--keep-layers is 2, but the model has 2 layers", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_checked_for_bits_that_depend_on_the_batch()
    {
        WriteModel();
        string[] check =
        [
            "model", "check", _folder["base"], "--data", WriteBattles(), "--rows", "6", "--max-tokens", "64", "--batch-tokens", "200",
        ];
        var json = (await CommandRun.OkAsync([.. check, "--json"])).Json;
        Assert.True((bool)json["holds"]!);
        Assert.Equal(6, (int)json["rows"]!);
        Assert.All(
            json["ways"]!.AsArray().Where(way => (bool)way!["is_invariant"]!), way => Assert.Equal(6, (int)way!["same_bits"]!));

        var told = await CommandRun.OkAsync(check);
        Assert.Contains("a battle has the same bits in every way that was tried", told.Output, StringComparison.Ordinal);
        Assert.Contains("--invariant costs", told.Output, StringComparison.Ordinal);

        var without = await CommandRun.OfAsync("model", "check", _folder["base"]);
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("Name battles with --data.", without.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keep-layers needs rows to calibrate on; name battles with --data", "--format", "int8", "--keep-layers", "1")]
    [InlineData("--format gptq needs rows to calibrate on; name battles with --data", "--format", "gptq")]
    [InlineData(
        "choose --group-size so that it divides the inputs", "--format", "awq", "--data", "battles.jsonl",
        "--max-tokens", "64", "--group-size", "40")]
    [InlineData("is the model's own folder", "--format", "nf4", "--out", "base")]
    public async Task What_does_not_fit_is_told(string message, params string[] arguments)
    {
        WriteModel();
        WriteBattles();
        string[] given = [.. arguments.Select(argument => argument is "base" or "battles.jsonl" ? _folder[argument] : argument)];
        var run = await CommandRun.OfAsync(
            ["model", "quantize", _folder["base"], .. given, .. arguments.Contains("--out") ? [] : new[] { "--out", _folder["out"] }]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    private string WriteBattles()
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], SyntheticBattles.Create(100));
        return _folder["battles.jsonl"];
    }

    private void WriteModel()
    {
        TorchRuntime.Start();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        string[] words =
        [
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "tree", "river", "stone", "cloud", "lamp", "paper", "seven", "green",
            "walk", "quiet", "question", "?", ".",
        ];
        foreach (var name in new[] { "base", "adapter" })
            _ = Directory.CreateDirectory(_folder[name]);
        _ = _folder.Write("base/vocab.txt", string.Join('\n', words) + "\n");
        _ = _folder.Write("base/config.json", $$"""
            {
              "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": {{words.Length}}, "hidden_size": {{Hidden}}, "intermediate_size": 96,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
              "id2label": {"0": "A", "1": "B", "2": "tie"}
            }
            """);
        var tensors = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal)
        {
            ["model.embed_tokens.weight"] = Random(1, words.Length, Hidden),
            ["model.norm.weight"] = torch.ones(Hidden),
            ["score.weight"] = Random(0.2, 3, Hidden),
        };
        var adapter = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        for (var layer = 0; layer < 2; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            tensors[$"{prefix}input_layernorm.weight"] = torch.ones(Hidden);
            tensors[$"{prefix}post_attention_layernorm.weight"] = torch.ones(Hidden);
            foreach (var (name, outputs, inputs) in new[]
            {
                ("self_attn.q_proj", Hidden, Hidden),
                ("self_attn.k_proj", Hidden, Hidden),
                ("self_attn.v_proj", Hidden, Hidden),
                ("self_attn.o_proj", Hidden, Hidden),
                ("mlp.gate_proj", 96, Hidden),
                ("mlp.up_proj", 96, Hidden),
                ("mlp.down_proj", Hidden, 96),
            })
            {
                tensors[$"{prefix}{name}.weight"] = Random(0.1, outputs, inputs);
            }

            adapter[$"base_model.model.{prefix}self_attn.q_proj.lora_A.weight"] = Random(0.1, 4, Hidden);
            adapter[$"base_model.model.{prefix}self_attn.q_proj.lora_B.weight"] = Random(0.1, Hidden, 4);
        }

        SafetensorsWriter.Write(_folder["base/model.safetensors"], tensors);
        SafetensorsWriter.Write(_folder["adapter/adapter_model.safetensors"], adapter);
        _ = _folder.Write(
            "adapter/adapter_config.json",
            """{"peft_type": "LORA", "task_type": "SEQ_CLS", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]}""");

        torch.Tensor Random(double size, params long[] shape) => torch.randn(shape, generator: generator) * size;
    }
}
