using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class LogitsVerbTests
{
    [Theory]
    [InlineData("phi3_longrope", "logits")]
    [InlineData("llama_causal", "label_logits")]
    [InlineData("lora_dora_llama", "logits", "adapter")]
    [InlineData("gptq_desc_act_mistral", "logits")]
    public async Task Golden_logits_come_out_of_the_command_line(string name, string key, string? adapter = null)
    {
        var folder = Repository.Shared("golden", "models", name);
        var run = await CommandRun.OfAsync(["model", "logits", folder, "--inputs", Path.Combine(folder, "inputs.json"), "--json",
            .. adapter is null ? [] : new[] { "--adapter", Path.Combine(folder, adapter) }]);
        Assert.Equal(0, run.ExitCode);

        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "expected.json")))!["batches"]!.AsArray();
        foreach (var (wanted, batch) in expected.Zip(run.Json["batches"]!.AsArray()))
        {
            foreach (var (wantedRow, row) in wanted![key]!.AsArray().Zip(batch![key]!.AsArray()))
                Assert.All(wantedRow!.AsArray().Zip(row!.AsArray()), pair => Assert.Equal((double)pair.First!, (double)pair.Second!, 1e-4));
            Assert.Equal(
                wanted["last_hidden_state"]!.AsArray().Select(sample => (int)sample!["position"]!),
                batch["last_hidden_state"]!.AsArray().Select(sample => (int)sample!["position"]!));
            Assert.Equal(wanted["logits_each_alone"] is null, batch["logits_each_alone"] is null);
        }
    }

    [Theory]
    [InlineData("{}", "has another layout")]
    [InlineData(
        """{"batches": [{"input_ids": [[1, 2, 3]], "attention_mask": [[1, 0, 1]]}]}""", "batch 0, row 0: the mask must be one run of 1")]
    [InlineData(
        """{"batches": [{"input_ids": [[1, 2], [1]], "attention_mask": [[1, 1], [1]]}]}""", "batch 0, row 1: every row and its mask")]
    [InlineData("""{"batches": [{"input_ids": [], "attention_mask": []}]}""", "at least one")]
    public async Task Inputs_of_another_layout_are_refused(string json, string message)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("model", "logits", folder.Path, "--inputs", folder.Write("inputs.json", json));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Int8_says_what_it_costs()
    {
        var folder = Repository.Shared("golden", "models", "gemma2");
        var run = await CommandRun.OfAsync(
            "model", "logits", folder, "--inputs", Path.Combine(folder, "inputs.json"), "--compute", "int8", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.InRange((double)run.Json["drift"]!["mean_change"]!, 1e-6, 0.05);
    }
}
