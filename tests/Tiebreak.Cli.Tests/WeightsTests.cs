using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>How much battles count, from a file by id to the bundle.</summary>
public sealed class WeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<Battle> _battles = SyntheticBattles.Create(240);

    public WeightsTests() => BattleWriter.WriteJsonl(_folder["train.jsonl"], _battles);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Battles_that_count_little_teach_little()
    {
        // Every second battle has a verdict turned round; with weights it hardly counts.
        BattleWriter.WriteJsonl(_folder["train.jsonl"], _battles.Select((battle, i) => i % 2 == 0 ? battle : battle with
        {
            Verdict = battle.Verdict!.Value.Swapped(),
        }));
        WriteWeights(_battles.Select((battle, i) => (battle.Id, i % 2 == 0 ? 1 : 0.01)));

        await TrainAsync("plain");
        var weighted = await TrainAsync("weighted", "--weights", _folder["weights.csv"]);

        var good = _battles.Where((_, i) => i % 2 == 0);
        BattleWriter.WriteJsonl(_folder["good.jsonl"], good);
        Assert.True(
            await LossOnAsync("weighted", "good.jsonl") < await LossOnAsync("plain", "good.jsonl") - 0.1);
        var facts = weighted.Json["training"]!["weights"]!;
        Assert.InRange((double)facts["effective_battles"]!, 120, 123);
        Assert.True((double)facts["log_loss"]! < (double)weighted.Json["validation"]!["log_loss"]! - 0.1);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["weighted"], "judge.json")))!;
        Assert.Equal("weights.csv", (string)manifest["training"]!["weights"]!["file"]!);
    }

    [Fact]
    public async Task What_becomes_of_battles_without_a_weight_or_with_none_is_said()
    {
        WriteWeights([.. _battles.Skip(3).Select((battle, i) => (battle.Id, i < 2 ? 0 : 1.0)), ("nobody", 1)]);
        var run = await TrainAsync("judge", "--weights", _folder["weights.csv"]);

        Assert.Contains("has no weight for 3 of 240 battles, which count 1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("2 battles with the weight 0 were left out", run.Errors, StringComparison.Ordinal);
        Assert.Contains("belongs to none of the battles", run.Errors, StringComparison.Ordinal);
        Assert.Equal(238, (int)run.Json["validation"]!["rows"]!);

        WriteWeights([("nobody", 1)]);
        var refused = await CommandRun.OfAsync(
            "train", "priors", "--data", _folder["train.jsonl"], "--out", _folder["other"], "--weights", _folder["weights.csv"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("no weight for any of the battles", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_of_two_files_writes_weights_that_training_takes()
    {
        BattleWriter.WriteJsonl(_folder["test.jsonl"], _battles.Take(100).Select((battle, i) => battle with
        {
            Id = $"test-{i}",
            Turns = [battle.Turns[0] with { Prompt = $"Later question {i}, please?" }],
        }));

        var compared = await CommandRun.OkAsync(
            "data", "compare", _folder["train.jsonl"], _folder["test.jsonl"], "--weights", _folder["weights.csv"]);
        Assert.Contains("takes the file as weights", compared.Output, StringComparison.Ordinal);
        Assert.Equal(1 + _battles.Count, (await File.ReadAllLinesAsync(_folder["weights.csv"])).Length);
        var trained = await TrainAsync("judge", "--weights", _folder["weights.csv"]);
        Assert.Equal(0, (int)trained.Json["training"]!["weights"]!["without"]!);
    }

    private void WriteWeights(IEnumerable<(string Id, double Weight)> weights) => _folder.Write(
        "weights.csv",
        "id,weight\n" + string.Concat(weights.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id},{row.Weight}\n"))));

    private Task<CommandRun> TrainAsync(string name, params string[] more) => CommandRun.OkAsync(
        [
            "train", "text", "--data", _folder["train.jsonl"], "--out", _folder[name], "--set", "boosting.rounds=40",
            "--set", "linear.l2=20", "--json", .. more,
        ]);

    private async Task<double> LossOnAsync(string judge, string data) => (double)(await CommandRun.OkAsync(
        "evaluate", "--judge", _folder[judge], "--data", _folder[data], "--json")).Json["log_loss"]!;
}
