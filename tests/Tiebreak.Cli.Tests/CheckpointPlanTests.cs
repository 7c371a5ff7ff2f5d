using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary><c>plan --model</c>: memory and time of a checkpoint, from its configuration alone.</summary>
public sealed class CheckpointPlanTests : IDisposable
{
    private const string Config = """
        {
          "model_type": "llama", "architectures": ["LlamaForSequenceClassification"], "vocab_size": 1000, "hidden_size": 128, "intermediate_size": 256,
          "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 10, "rms_norm_eps": 1e-6, "torch_dtype": "float32"
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public CheckpointPlanTests()
    {
        _ = Directory.CreateDirectory(_folder["model"]);
        _ = _folder.Write("model/config.json", Config);
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], SyntheticBattles.Create(50));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Memory_tokens_and_time_are_told()
    {
        var run = await CommandRun.OfAsync(
            "plan", "--model", _folder["model"], "--data", _folder["battles.jsonl"], "--dtype", "float32", "--max-tokens", "64", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        const long layer = (128 * (128 + 64 + 64 + 128)) + (3 * 128 * 256) + (2 * 128);
        const long parameters = (1000 * 128) + (3 * layer) + 128 + (2 * 128);
        Assert.Equal(parameters, (long)run.Json["parameters"]!);
        Assert.Equal(4 * parameters, (long)run.Json["mapped_bytes"]!);
        Assert.Equal(50, (int)run.Json["rows"]!);
        Assert.InRange((int)run.Json["longest"]!, 1, 64);
        Assert.True((bool)run.Json["tokens_estimated"]!);
        Assert.False((bool)run.Json["is_layer_major"]!);
        Assert.InRange((long)run.Json["layer_major_bytes"]!, 400_000_000, long.MaxValue);
        Assert.Equal(50 / (double)run.Json["seconds_one_order"]!, (double)run.Json["rows_per_second"]!, 1e-6);
        Assert.Equal(
            (double)run.Json["operations"]! / (double)run.Json["operations_per_second"]!, (double)run.Json["seconds_one_order"]!, 1e-9);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("sections")]
    public async Task Sides_that_are_read_apart_are_counted_each(string template)
    {
        var run = await CommandRun.OfAsync(
            "plan", "--model", _folder["model"], "--data", _folder["battles.jsonl"], "--template", template, "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        var together = await CommandRun.OfAsync("plan", "--model", _folder["model"], "--data", _folder["battles.jsonl"], "--json");
        Assert.Equal(50, (int)run.Json["rows"]!);
        Assert.Equal(template is "reply", (long)run.Json["tokens"]! > (long)together.Json["tokens"]!); // prompts twice
        Assert.Equal(template is "reply", (int)run.Json["longest"]! < (int)together.Json["longest"]!);
    }

    [Fact]
    public async Task People_get_tables_and_a_warning_where_rows_are_too_long()
    {
        var run = await CommandRun.OfAsync(
            "plan", "--model", _folder["model"], "--data", _folder["battles.jsonl"], "--device", "cuda:0,cuda:1", "--budget", "10m",
            "--price", "2.5");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("Estimated time, at ", run.Output, StringComparison.Ordinal);
        Assert.Contains("on 2 cards", run.Output, StringComparison.Ordinal);
        Assert.Contains("By this estimate both orders fit into 10 min.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Weights in nf4", run.Output, StringComparison.Ordinal);
        Assert.Contains("battles a second in one order, 0.00 for a thousand", run.Output, StringComparison.Ordinal);
        Assert.Contains("Layer by layer, ", run.Output, StringComparison.Ordinal);
        Assert.Contains("T4, 16 GB", run.Output, StringComparison.Ordinal);
        Assert.Contains("the model has 10 positions", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_that_share_the_layers_of_a_model_are_no_faster_than_one()
    {
        string[] plan = ["plan", "--model", _folder["model"], "--data", _folder["battles.jsonl"], "--dtype", "float16", "--device"];
        var (one, two) = (await CommandRun.OfAsync([.. plan, "cuda:0"]), await CommandRun.OfAsync([.. plan, "cuda:0+cuda:1"]));
        Assert.True(two.ExitCode == 0, two.Errors);
        Assert.Contains("one of 2 cards at a time", two.Output, StringComparison.Ordinal);
        Assert.Contains("Each of the 2 cards holds a share of the layers", two.Output, StringComparison.Ordinal);
        Assert.Equal(Speed(one), Speed(two));

        static string Speed(CommandRun run) =>
            run.Output.Split('\n').Single(line => line.Contains("battles a second", StringComparison.Ordinal));
    }

    /// <summary>Both orders begin with the prompt, and all battles with the same rubric.</summary>
    [Fact]
    public async Task What_several_texts_begin_with_is_counted_once()
    {
        _ = Directory.CreateDirectory(_folder["read"]);
        _ = _folder.Write("read/config.json", Config.Replace("embeddings\": 10", "embeddings\": 4096", StringComparison.Ordinal));
        _ = _folder.Write("read/tokenizer.json", TinyTokenizer.ByteLevelJson());
        var rubric = new string('r', 300);
        BattleWriter.WriteJsonl(_folder["rubric.jsonl"], [.. SyntheticBattles.Create(20).Select(battle => battle with
        {
            Turns = [.. battle.Turns.Select((turn, i) => i == 0 ? turn with { Prompt = rubric + turn.Prompt } : turn)],
        })]);
        string[] plan = ["plan", "--model", _folder["read"], "--data", _folder["rubric.jsonl"], "--dtype", "float32"];
        var json = (await CommandRun.OkAsync([.. plan, "--json"])).Json;
        var (tokens, computed) = ((long)json["tokens"]!, (long)json["computed_tokens"]!);
        Assert.InRange(computed, 1, tokens - (19 * 300));
        Assert.Equal(2 * tokens, (long)json["tokens_both_orders"]!);
        Assert.InRange((long)json["computed_tokens_both_orders"]!, computed + 1, (2 * computed) - 300);
        Assert.InRange((double)json["seconds_both_orders"]!, (double)json["seconds_one_order"]!, 2 * (double)json["seconds_one_order"]!);
        Assert.Contains(
            "What several texts begin with is computed once", (await CommandRun.OkAsync(plan)).Output, StringComparison.Ordinal);
    }

    /// <summary>Measured on this machine by layers of the model's sizes, without its weights.</summary>
    [Theory]
    [InlineData("decoder-lora")]
    [InlineData("reward-lora")]
    public async Task A_training_is_planned_by_the_configuration_alone(string recipe)
    {
        _ = Directory.CreateDirectory(_folder["longer"]);
        _ = _folder.Write("longer/config.json", Config.Replace("embeddings\": 10", "embeddings\": 512", StringComparison.Ordinal));
        string[] train =
        [
            "plan", "--train", recipe, "--set", $"model={_folder["longer"]}", "--set", "dtype=float32", "--data", _folder["battles.jsonl"],
            "--price", "2.5", "--threads", "1",
        ];
        var run = await CommandRun.OkAsync([.. train, "--json"]);
        Assert.True((bool)run.Json["is_measured"]!);
        Assert.Equal(50, (int)run.Json["battles"]!);
        var seconds = (double)run.Json["seconds"]!;
        Assert.InRange(seconds, 1e-3, 1e4);
        Assert.Equal(2.5 * seconds / 3600, (double)run.Json["cost"]!, 1e-9);
        Assert.True((long)run.Json["memory"]!["total_bytes"]! > (long)run.Json["memory"]!["activation_bytes"]!);

        var told = await CommandRun.OkAsync([.. train, "--budget", "10h"]);
        Assert.Contains("What the backward pass needs of the forward pass", told.Output, StringComparison.Ordinal);
        Assert.Contains("It costs ", told.Output, StringComparison.Ordinal);
        Assert.Contains("By this estimate it fits into 10 h.", told.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Give one of --judge BUNDLE, --model DIR and --train RECIPE", "--data", "battles.jsonl")]
    [InlineData("holds no config.json", "--data", "battles.jsonl", "--model", "")]
    [InlineData("\"gpu\" is no device", "--data", "battles.jsonl", "--model", "model", "--device", "gpu")]
    [InlineData("mixes the CPU with others", "--data", "battles.jsonl", "--model", "model", "--device", "cpu,cuda:0")]
    [InlineData("is for recipes of kind transformer with a section tuning", "--data", "battles.jsonl", "--train", "feature")]
    [InlineData(
        "but the model has 10 positions; lower the recipe's key", "--data", "battles.jsonl", "--train", "decoder-lora", "--set", "model")]
    [InlineData("--max-tokens is 0", "--data", "battles.jsonl", "--model", "model", "--max-tokens", "0")]
    public async Task Wrong_arguments_are_one_sentence(string said, params string[] arguments)
    {
        string[] given = [.. arguments.Select(argument => argument is "" or "model" or "battles.jsonl" ? _folder[argument] : argument)];
        if (given.Contains("--set", StringComparer.Ordinal))
            given[^1] = $"model={given[^1]}";
        var run = await CommandRun.OfAsync(["plan", .. given]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }
}
