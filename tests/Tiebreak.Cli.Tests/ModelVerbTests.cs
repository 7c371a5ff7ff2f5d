using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Transformers.Families;

namespace Tiebreak.Cli.Tests;

public sealed class ModelVerbTests
{
    [Fact]
    public async Task Inspect_shows_what_decides()
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(folder["tiny"], FakeCheckpoint.Config, FakeCheckpoint.Tensors);
        folder.Write("tiny/tokenizer.json", "{}");
        var run = await CommandRun.OfAsync("model", "inspect", folder["tiny"], "--tensors");

        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output.Replace(folder.Path, "models", StringComparison.Ordinal), "model-inspect");
    }

    [Fact]
    public async Task Every_golden_checkpoint_of_a_known_family_is_described_and_has_no_problem()
    {
        foreach (var folder in Directory.GetDirectories(Repository.Shared("golden", "models")).Order(StringComparer.Ordinal))
        {
            var json = await File.ReadAllTextAsync(Path.Combine(folder, "config.json"), TestContext.Current.CancellationToken);
            var config = JsonNode.Parse(json)!;
            if (!ModelFamilies.Names.Contains((string?)config["model_type"], StringComparer.Ordinal))
                continue;

            var run = await CommandRun.OfAsync("model", "inspect", folder, "--json");
            Assert.True(run.ExitCode == 0, $"{folder}: {run.Errors}{run.Output}");

            Assert.Equal((string?)config["architectures"]![0], (string?)run.Json["architecture"]);
            var text = config["text_config"] ?? config; // of models that see pictures
            Assert.Equal((int?)(text["num_hidden_layers"] ?? text["n_layers"]), (int?)run.Json["layers"]);
            Assert.Equal((int?)text["vocab_size"], (int?)run.Json["vocabulary"]);
            Assert.Equal((string?)config["quantization_config"]?["quant_method"], ((string?)run.Json["quantization"])?.Split(',')[0]);
            Assert.Equal(config["id2label"]?.AsObject().Count ?? 0, run.Json["labels"]!.AsArray().Count);
        }
    }

    [Theory]
    [InlineData("awq_llama")]
    [InlineData("gptq_llama")]
    [InlineData("nf4_llama")]
    [InlineData("llama_sharded")]
    public async Task Parameters_are_those_of_the_model_however_they_are_packed(string name)
    {
        var folder = Repository.Shared("golden", "models", name);
        var config = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, "config.json"), TestContext.Current.CancellationToken))!;
        int Number(string key) => (int)config[key]!;
        var (width, inner) = (Number("hidden_size"), Number("intermediate_size"));
        var (queries, keys) = (Number("num_attention_heads") * Number("head_dim"), Number("num_key_value_heads") * Number("head_dim"));
        var layer = (2 * width * queries) + (2 * width * keys) + (3 * width * inner) + (2 * width);
        var expected = (Number("num_hidden_layers") * layer) + (Number("vocab_size") * width) + width + (3 * width);

        Assert.Equal(expected, (int)(await CommandRun.OfAsync("model", "inspect", folder, "--json")).Json["parameters"]!);
    }

    [Fact]
    public async Task An_adapter_is_described()
    {
        var run = await CommandRun.OfAsync(
            "model", "inspect", Repository.Shared("golden", "models", "lora_dora_llama", "adapter"), "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Null(run.Json["architecture"]);
        Assert.Equal(("LORA", true), ((string?)run.Json["adapter"]!["type"], (bool)run.Json["adapter"]!["dora"]!));
        Assert.Contains("q_proj", run.Json["adapter"]!["target_modules"]!.AsArray().Select(module => (string?)module));
    }

    [Theory]
    [InlineData("\"vocab_size\": 8", "\"vocab_size\": 9", "model.embed_tokens.weight [8, 4] where [9, 4] is needed")]
    [InlineData("\"hidden_size\": 4", "\"hidden_size\": \"4\"", "\"hidden_size\" is \"4\"")]
    [InlineData("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 3", "missing: model.layers.1.input_layernorm.weight")]
    [InlineData(", \"2\": \"tie\"", "", "score.weight [3, 4] where [2, 4] is needed")]
    public async Task A_configuration_that_does_not_fit_is_a_problem(string right, string wrong, string problem)
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(folder.Path, FakeCheckpoint.Config.Replace(right, wrong, StringComparison.Ordinal), FakeCheckpoint.Tensors);
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Problem: ", run.Output, StringComparison.Ordinal);
        Assert.Contains(problem, run.Output, StringComparison.Ordinal);

        // The same sentence stops whoever wants to use it.
        var inputs = folder.Write("inputs.json", """{"batches": [{"input_ids": [[1, 2]], "attention_mask": [[1, 1]]}]}""");
        var used = await CommandRun.OfAsync("model", "logits", folder.Path, "--inputs", inputs);
        Assert.Equal(2, used.ExitCode);
        Assert.Contains(used.Errors.Trim(), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_licence_with_conditions_is_named_and_what_a_folder_says_of_it_shown()
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(folder.Path, FakeCheckpoint.Config, FakeCheckpoint.Tensors);
        folder.Write("README.md", "---\nlicense: cc-by-nc-4.0\nbase_model: org/base\n---\n");
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("cc-by-nc-4.0 (README.md)", run.Output, StringComparison.Ordinal);
        Assert.Contains("org/base", run.Output, StringComparison.Ordinal);
        Assert.Contains("not for commercial use", Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        var json = (await CommandRun.OfAsync("model", "inspect", folder.Path, "--json")).Json["licence"]!;
        Assert.Equal(("cc-by-nc-4.0", "org/base"), ((string?)json["licence"], (string?)json["bases"]![0]));
    }

    [Fact]
    public async Task A_missing_head_and_values_that_are_no_numbers_are_problems()
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(folder.Path, FakeCheckpoint.Config, FakeCheckpoint.Tensors.SkipLast(1), float.NaN);
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 missing: score.weight", run.Output, StringComparison.Ordinal);
        Assert.Contains("holds 32 values that are NaN or infinite", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "is a pointer of git-LFS")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008{}", "is no safetensors file")]
    [InlineData("", "is empty")]
    public async Task What_is_in_the_place_of_weights_is_refused(string content, string cause)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors", content);
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(cause, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    [InlineData("{\"architectures\": ")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n")]
    public async Task A_configuration_that_is_none_is_refused(string config)
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(folder.Path, config, FakeCheckpoint.Tensors);
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("config.json", Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_cannot_command_the_terminal()
    {
        using var folder = new TemporaryFolder();
        FakeCheckpoint.Write(
            folder.Path,
            FakeCheckpoint.Config.Replace("\"tie\"", "\"\\u001b[2J[red]\\ud800\"", StringComparison.Ordinal)
                .Replace("\"llama\"", "\"\\u001b]0;x\"", StringComparison.Ordinal),
            [.. FakeCheckpoint.Tensors, ("\u001b[2J[bold]", [2])]);
        var run = await CommandRun.OfAsync("model", "inspect", folder.Path, "--tensors");

        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Contains("\uFFFD[2J[bold]", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect", "/nowhere/at/all")]
    [InlineData("fetch", "../escape")]
    public async Task A_wrong_argument_is_one_sentence(string verb, string argument)
    {
        var run = await CommandRun.OfAsync("model", verb, argument);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(argument, Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_libtorch_folder_that_is_none_is_refused_before_anything_runs()
    {
        var run = await CommandRun.OfAsync("doctor", "--libtorch", "/nowhere/at/all");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--libtorch names /nowhere/at/all, which is not a folder", run.Errors, StringComparison.Ordinal);
    }
}
