using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>What people see, as approved texts; only what is the same on every machine.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-train", "train", "--help")]
    [InlineData("help-predict", "predict", "--help")]
    [InlineData("help-evaluate", "evaluate", "--help")]
    [InlineData("help-submission", "submission", "--help")]
    [InlineData("help-blend", "blend", "--help")]
    [InlineData("help-stack", "stack", "--help")]
    [InlineData("help-predictions-diff", "predictions", "diff", "--help")]
    [InlineData("help-ledger", "ledger", "--help")]
    [InlineData("help-route-train", "route", "train", "--help")]
    [InlineData("help-route-choose", "route", "choose", "--help")]
    [InlineData("help-identify", "identify", "--help")]
    [InlineData("help-model", "model", "--help")]
    [InlineData("help-model-fetch", "model", "fetch", "--help")]
    [InlineData("help-model-inspect", "model", "inspect", "--help")]
    public async Task Help(string name, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output.Replace($"[default: {Environment.ProcessorCount}]", "[default: all]", StringComparison.Ordinal), name);
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("evaluate-by-turns", "--by", "turns")]
    public async Task Evaluate(string name, params string[] more)
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(150);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        SubmissionFile.Write(
            folder["predictions.csv"],
            [.. battles.Select(battle => battle.Id)],
            [.. battles.Select(battle => Preference.FromScores(Good(battle.Turns[0].ResponseA), Good(battle.Turns[0].ResponseB), 0.5))]);

        var run =
            await CommandRun.OfAsync(["evaluate", "--predictions", folder["predictions.csv"], "--data", folder["battles.jsonl"], .. more]);
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), name);
    }

    private static double Good(string? text) => 0.5 * ((text?.Split("good").Length ?? 1) - 1);
}
