using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Battles without vote that a judge's preferences label, and teachers, from the command line to the bundle.</summary>
public sealed class PseudoLabelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<Battle> _battles = SyntheticBattles.Create(240);

    public PseudoLabelTests()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], _battles.Take(80));
        BattleWriter.WriteJsonl(_folder["unlabelled.jsonl"], _battles.Skip(70).Select((battle, i) => i % 17 == 16 ? battle : battle with
        {
            Verdict = null,
            SoftLabel = null,
        }));
        WritePreferences("labels.csv", _battles.Skip(75));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_are_learned_from_and_never_measured_by()
    {
        var run = await TrainAsync("judge", "--unlabelled", _folder["unlabelled.jsonl"], "--pseudo-labels", _folder["labels.csv"]);

        // 170 battles: 10 are known, of the 160 others every 17th has a vote; all of those without have a preference.
        Assert.Contains("without pseudo-label: they have a vote, or the id of a battle that has one", run.Errors, StringComparison.Ordinal);
        Assert.Equal(80, (int)run.Json["validation"]!["rows"]!);
        var source = Assert.Single(
            run.Json["training"]!["sources"]!.AsArray(),
            source => string.Equals("pseudo-labels", (string)source!["source"]!, StringComparison.Ordinal));
        Assert.InRange((int)source!["rows"]!, 150, 152);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")))!;
        Assert.Equal(
            ["train.jsonl", "unlabelled.jsonl", "labels.csv"], manifest["data"]!.AsArray().Select(file => (string)file!["file"]!));
    }

    [Fact]
    public async Task Labels_for_other_battles_are_refused()
    {
        WritePreferences("labels.csv", _battles.Take(70));
        var refused = await RefusedAsync("--unlabelled", _folder["unlabelled.jsonl"], "--pseudo-labels", _folder["labels.csv"]);
        Assert.Contains("has a preference for none of the 170 battles", refused, StringComparison.Ordinal);
        Assert.Contains(
            "--unlabelled and --pseudo-labels belong together",
            await RefusedAsync("--unlabelled", _folder["unlabelled.jsonl"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teachers_are_for_weights_that_learn()
    {
        Assert.Contains(
            "does not learn from what other judges said", await RefusedAsync("--teachers", _folder["labels.csv"]), StringComparison.Ordinal);
        WritePreferences("labels.csv", _battles.Skip(200));
        Assert.Contains(
            "no preference for any of the battles. Give --teachers files",
            await RefusedAsync("--teachers", _folder["labels.csv"]),
            StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(params string[] more)
    {
        var run = await CommandRun.OfAsync(
            ["train", "priors", "--data", _folder["train.jsonl"], "--out", _folder["judge"], .. more]);
        Assert.Equal(2, run.ExitCode);
        return run.Errors;
    }

    private Task<CommandRun> TrainAsync(string name, params string[] more) => CommandRun.OkAsync(
        ["train", "text", "--data", _folder["train.jsonl"], "--out", _folder[name], "--set", "boosting.rounds=20", "--json", .. more]);

    private void WritePreferences(string name, IEnumerable<Battle> battles) => _folder.Write(
        name,
        "id,winner_model_a,winner_model_b,winner_tie\n" + string.Concat(battles.Select(battle => string.Create(
            CultureInfo.InvariantCulture,
            $"{battle.Id},{Share(battle, Verdict.A)},{Share(battle, Verdict.B)},{Share(battle, Verdict.Tie)}\n"))));

    private static double Share(Battle battle, Verdict verdict) => battle.Verdict == verdict ? 0.8 : 0.1;
}
