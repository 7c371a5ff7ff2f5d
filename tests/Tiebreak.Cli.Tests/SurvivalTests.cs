using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>A plain prediction of battles that the judge cannot judge: here because they lack the states that it was trained on.</summary>
public sealed class SurvivalTests : IAsyncLifetime
{
    private const int Rows = 120;

    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        await WriteAsync("train.jsonl", _ => true);
        await CommandRun.OkAsync(
            "train", "length", "--data", _folder["train.jsonl"], "--out", _folder["judge"],
            "--set", "features.states=true", "--set", "states.components=2", "--set", "boosting.rounds=20");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(8, TiebreakCommand.Ok)]
    [InlineData(3, TiebreakCommand.Failed)]
    public async Task What_the_judge_cannot_judge_gets_the_class_shares_and_is_named(int every, int exitCode)
    {
        await WriteAsync("test.jsonl", row => row % every != 1);
        var run = await PredictAsync();

        Assert.Equal(exitCode, run.ExitCode);
        var failed = run.Json["failed"]!.AsArray();
        var expected = Enumerable.Range(0, Rows).Where(row => row % every == 1).Select(row => $"row-{row}");
        Assert.Equal(expected, failed.Select(row => (string?)row!["id"]));
        Assert.Contains(
            "row-1 broke the judge and gets the class shares: InputException: Battle row-1 has no pooled states",
            Flat(run),
            StringComparison.Ordinal);
        var preferences = SubmissionFile.Read(_folder["submission.csv"]);
        Assert.Equal(Rows, preferences.Count);
        Assert.Single(preferences.Where((_, row) => row % every == 1).Select(row => row.Preference).Distinct());
        Assert.True(preferences.Select(row => row.Preference).Distinct().Count() > 2);
    }

    [Fact]
    public async Task The_fallback_in_the_bundle_stands_in()
    {
        var fallback = _folder["judge/fallback"];
        await CommandRun.OkAsync("train", "length", "--data", _folder["train.jsonl"], "--out", fallback, "--set", "boosting.rounds=20");
        await WriteAsync("test.jsonl", row => row != 1);
        var run = await PredictAsync();

        Assert.Equal(TiebreakCommand.Ok, run.ExitCode);
        Assert.Contains("row-1 broke the judge and gets the fallback's preference", Flat(run), StringComparison.Ordinal);
        await CommandRun.OkAsync("predict", "--judge", fallback, "--data", _folder["test.jsonl"], "--out", _folder["fallback.csv"]);
        Assert.Equal(SubmissionFile.Read(_folder["fallback.csv"])[1], SubmissionFile.Read(_folder["submission.csv"])[1]);
    }

    [Fact]
    public async Task A_judge_that_fails_on_everything_writes_nothing_and_says_why()
    {
        await WriteAsync("test.jsonl", _ => false);
        var run = await PredictAsync();

        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("has no pooled states", Flat(run), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["submission.csv"]));
    }

    private Task<CommandRun> PredictAsync() => CommandRun.OfAsync(
        "predict", "--judge", _folder["judge"], "--data", _folder["test.jsonl"], "--out", _folder["submission.csv"], "--json");

    private Task WriteAsync(string name, Func<int, bool> hasStates)
    {
        var battles = SyntheticBattles.Create(Rows).Select((battle, row) => battle with
        {
            Id = $"row-{row}",
            States = hasStates(row) ? new PooledStates([row % 3, 1], [row % 5, 2], [row % 7, 3], null) : null,
        });
        return BattleWriter.WriteJsonlAsync(_folder[name], battles.ToAsyncEnumerable());
    }

    // Lines are wrapped for the terminal.
    private static string Flat(CommandRun run) => run.Errors.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);
}
