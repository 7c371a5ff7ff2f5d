using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Own numbers as features, from the file to the submission.</summary>
public sealed class NumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public NumbersTests()
    {
        var battles = SyntheticBattles.Create(200);
        BattleWriter.WriteJsonl(_folder["train.jsonl"], battles.Take(150));
        BattleWriter.WriteKaggleTest(_folder["test.csv"], battles.Skip(150));
        _folder.Write("numbers.csv", "id,reward_a,reward_b,difficulty\n" + string.Concat(battles.Select((battle, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{battle.Id}.0,{(battle.Verdict is Verdict.A ? 1 : 0) + (0.01 * (i % 9))},{(battle.Verdict is Verdict.B ? 1 : 0)},{i % 3}\n"))));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_lower_the_loss_and_the_judge_asks_for_them_again()
    {
        var (with, without) = (await TrainAsync("judge", "--numbers", _folder["numbers.csv"], "--battle-numbers", "difficulty"),
            await TrainAsync("other"));
        Assert.True(with.ExitCode == 0, with.Errors);
        Assert.True(LogLoss(with) < LogLoss(without) - 0.3, $"{LogLoss(with)} against {LogLoss(without)}");

        Assert.Contains(
            "The judge needs numbers of every battle beside the texts: reward_a, reward_b, difficulty. Give --numbers FILE.",
            (await PredictAsync("judge")).Errors, StringComparison.Ordinal);
        Assert.Contains(
            "--numbers", (await PredictAsync("other", "--numbers", _folder["numbers.csv"])).Errors, StringComparison.Ordinal);
        Assert.Contains("Give --numbers FILE.", (await PredictAsync("judge", "--budget", "1h")).Errors, StringComparison.Ordinal);

        await File.WriteAllLinesAsync(_folder["fewer.csv"], (await File.ReadAllLinesAsync(_folder["numbers.csv"])).SkipLast(1));
        var predicted = await PredictAsync("judge", "--numbers", _folder["fewer.csv"]);
        Assert.Equal(0, predicted.ExitCode);
        Assert.Contains("no row for 1 of 50 battles", predicted.Errors, StringComparison.Ordinal);

        var evaluated = await CommandRun.OfAsync(
            "evaluate", "--judge", _folder["judge"], "--data", _folder["train.jsonl"], "--numbers", _folder["numbers.csv"], "--json");
        Assert.Equal(0, evaluated.ExitCode);
        Assert.Equal(0, (double)evaluated.Json["flip_rate"]!);
    }

    [Fact]
    public async Task A_run_hands_its_numbers_to_the_judge_and_keeps_to_them()
    {
        Assert.Equal(0, (await TrainAsync("judge", "--numbers", _folder["numbers.csv"], "--battle-numbers", "difficulty")).ExitCode);
        Assert.Equal(0, (await PredictAsync("judge", "--numbers", _folder["numbers.csv"])).ExitCode);
        var expected = await File.ReadAllTextAsync(_folder["out.csv"]);

        // A budget counts from the start of the process, which is that of the whole suite here.
        var run = await PredictAsync("judge", "--numbers", _folder["numbers.csv"], "--budget", "1h", "--run", _folder["run"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(expected, await File.ReadAllTextAsync(_folder["out.csv"]));
        Assert.Equal(0, (await CommandRun.OfAsync("worker", "--run", _folder["run"])).ExitCode);

        var shared = await PredictAsync("judge", "--numbers", _folder["numbers.csv"], "--workers", "2", "--run", _folder["shared"]);
        Assert.True(shared.ExitCode == 0, shared.Errors);
        Assert.Equal(expected, await File.ReadAllTextAsync(_folder["out.csv"]));

        await File.AppendAllTextAsync(_folder["numbers.csv"], "more,1,0,0\n");
        var other = await PredictAsync("judge", "--numbers", _folder["numbers.csv"], "--run", _folder["run"], "--resume");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("the file of numbers was", other.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--battle-numbers difficulty", "--numbers", "numbers.csv")]
    [InlineData("give the file too", "--battle-numbers", "difficulty")]
    public async Task What_numbers_mean_has_to_be_said(string said, params string[] arguments)
    {
        var run = await TrainAsync("judge", [.. arguments.Select(text => text is "numbers.csv" ? _folder[text] : text)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judges_of_other_kinds_cannot_learn_from_numbers()
    {
        var run = await CommandRun.OfAsync(
            "train", "priors", "--data", _folder["train.jsonl"], "--out", _folder["judge"], "--numbers", _folder["numbers.csv"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--numbers is for judges of kind feature", run.Errors, StringComparison.Ordinal);
    }

    private Task<CommandRun> TrainAsync(string name, params string[] more) => CommandRun.OfAsync(
        ["train", "length", "--data", _folder["train.jsonl"], "--out", _folder[name], "--set", "boosting.rounds=60", "--json", .. more]);

    private Task<CommandRun> PredictAsync(string name, params string[] more) => CommandRun.OfAsync(
        ["predict", "--judge", _folder[name], "--data", _folder["test.csv"], "--out", _folder["out.csv"], .. more]);

    private static double LogLoss(CommandRun run) => (double)run.Json["validation"]!["log_loss"]!;
}
