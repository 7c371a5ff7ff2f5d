using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Training;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class TrainValidationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_holdout_is_shown_and_its_battles_alone_are_written()
    {
        var run = await CommandRun.OkAsync(
            "train", "priors", "--data", Battles(), "--out", _folder["judge"], "--set", "holdout=0.25", "--oof", _folder["oof.csv"]);

        var rows = (await File.ReadAllLinesAsync(_folder["oof.csv"])).Length - 1;
        Assert.InRange(rows, 20, 30);
        Assert.Contains($"Hold-out ({rows} battles of {rows} prompts)", run.Output, StringComparison.Ordinal);
        Assert.Contains($"preferences of the {rows} battles held out, and of no others", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_is_kept_and_resumed_on_request_only()
    {
        string[] train = ["train", "priors", "--data", Battles(), "--out", _folder["judge"], "--work", _folder["work"]];
        await CommandRun.OkAsync(train);
        Assert.True(File.Exists(_folder["work/log.jsonl"]));

        var again = await CommandRun.OfAsync(train);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("has begun", again.Errors, StringComparison.Ordinal);
        await CommandRun.OkAsync([.. train, "--resume"]);

        var other = await CommandRun.OfAsync([.. train, "--resume", "--seed", "3"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("its seed is 0, and now it is 3", other.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_a_judge_is_replaced_is_said()
    {
        string[] train = ["train", "priors", "--data", Battles(), "--out", _folder["judge"]];
        Assert.DoesNotContain("holds a judge already", (await CommandRun.OkAsync(train)).Errors, StringComparison.Ordinal);
        Assert.Contains("holds a judge already", (await CommandRun.OkAsync(train)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_needs_a_work_folder()
    {
        var run = await CommandRun.OfAsync("train", "priors", "--data", Battles(), "--out", _folder["judge"], "--resume");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--resume needs --work", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_and_holdout_are_read()
    {
        Assert.Equal(new CrossValidation(5), Load().Validation);
        Assert.Equal(new CrossValidation(7), Load("folds=7").Validation);
        Assert.Equal(new Holdout(0.1), Load("holdout=0.1").Validation);
    }

    [Theory]
    [InlineData("both keys", "folds=5", "holdout=0.1")]
    [InlineData("above 0 and at most 0.5", "holdout=0.6")]
    [InlineData("above 0 and at most 0.5", "holdout=0")]
    [InlineData("above 0 and at most 0.5", "holdout=many")]
    [InlineData("from 2 to 100", "folds=1")]
    public void Impossible_validations_are_refused(string message, params string[] changes) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Load(changes)).Message, StringComparison.Ordinal);

    private static RecipeFile Load(params string[] changes) => RecipeFile.Load("priors", changes);

    private string Battles()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(100));
        return _folder["train.jsonl"];
    }
}
