using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Judges made of judges: <c>blend --judge</c>, <c>blend --cascade</c>, <c>stack</c>, <c>train --members</c>.</summary>
public sealed class EnsembleVerbTests(EnsembleVerbTests.Judges judges) : IClassFixture<EnsembleVerbTests.Judges>
{
    private readonly TemporaryFolder _folder = judges.Folder;

    private string[] Members => [_folder["length.csv"], _folder["text.csv"], "--judge", _folder["length"], "--judge", _folder["text"]];

    [Fact]
    public async Task A_blend_of_judges_is_a_judge_in_every_verb()
    {
        var made = (await CommandRun.OkAsync(
            ["blend", .. Members, "--data", _folder["train.jsonl"], "--out", _folder["blend"], "--json"])).Json;
        Assert.Equal("blend", (string)made["kind"]!);
        Assert.All(made["members"]!.AsArray(), member => Assert.True((double)member!["seconds_per_thousand"]! > 0));
        double[] weights = [.. made["members"]!.AsArray().Select(member => (double)member!["weight"]!)];
        Assert.Equal(1, weights.Sum(), 1e-9);
        Assert.True(weights[1] > weights[0]); // the rule is about words

        await PredictAsync("blend", "direct.csv");
        await PredictAsync("blend", "in-turn.csv", "--members", "in-turn");
        await PredictAsync("blend", "devices.csv", "--members", "cpu,cpu");
        await PredictAsync("blend", "run.csv", "--run", _folder["run"], "--budget", "10m");
        foreach (var other in new[] { "in-turn.csv", "devices.csv", "run.csv" })
            Assert.Equal(await File.ReadAllBytesAsync(_folder["direct.csv"]), await File.ReadAllBytesAsync(_folder[other]));

        var evaluated = (await CommandRun.OkAsync(
            "evaluate", "--judge", _folder["blend"], "--data", _folder["new.jsonl"], "--json")).Json;
        Assert.InRange((double)evaluated["log_loss"]!, 0.3, 1.05);
        var compared = await CommandRun.OkAsync(
            "compare", "--judge", _folder["blend"], "--prompt", "Which?", "--a", "good good tree.", "--b", "tree.");
        Assert.Contains("text: ", compared.Output, StringComparison.Ordinal);
        var calibrated = await CommandRun.OfAsync(
            "calibrate", "--judge", _folder["blend"], "--data", _folder["new.jsonl"], "--out", _folder["calibrated"], "--abstain", "0.45");
        Assert.True(calibrated.ExitCode == TiebreakCommand.Ok, calibrated.Errors + calibrated.Output);
        var seen = await CommandRun.OfAsync("evaluate", "--judge", _folder["blend"], "--data", _folder["train.jsonl"]);
        Assert.Contains("trained on train.jsonl itself", seen.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linked_blend_with_given_weights_says_what_its_members_say()
    {
        await CommandRun.OkAsync(
            "blend", "--judge", _folder["length"], "--judge", _folder["text"], "--data", _folder["new.jsonl"], "--weights", "1,3", "--link",
            "--out", _folder["linked"]);
        Assert.False(Directory.Exists(Path.Combine(_folder["linked"], "members")));
        var (length, text) = (await PredictAsync("length", "one.csv"), await PredictAsync("text", "two.csv"));
        var both = await PredictAsync("linked", "both.csv");
        for (var i = 0; i < both.Count; i++)
            Assert.Equal((length[i].Preference.A + (3 * text[i].Preference.A)) / 4, both[i].Preference.A, 1e-9);
    }

    [Fact]
    public async Task What_a_judge_says_about_its_own_training_data_is_refused()
    {
        await PredictAsync("text", "in-sample.csv", "--data", _folder["train.jsonl"]);
        var run = await CommandRun.OfAsync(
            "blend", _folder["length.csv"], _folder["in-sample.csv"], "--judge", _folder["length"], "--judge", _folder["text"], "--data",
            _folder["train.jsonl"], "--out", _folder["refused"]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("in-sample.csv is not out of fold", run.Errors, StringComparison.Ordinal);

        var without = await CommandRun.OfAsync(
            "blend", "--judge", _folder["length"], "--judge", _folder["text"], "--data", _folder["train.jsonl"], "--out",
            _folder["refused"]);
        Assert.Equal(TiebreakCommand.WrongInput, without.ExitCode);
        Assert.Contains("0 labelled battles can be used", without.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["refused"]));
    }

    [Fact]
    public async Task A_cascade_takes_the_time_it_may_take()
    {
        var made = (await CommandRun.OkAsync(
            ["blend", .. Members, "--data", _folder["train.jsonl"], "--cascade", "--max-loss-increase", "0.5", "--out", _folder["cascade"],
                "--json"])).Json["cascade"]!;
        Assert.Equal(1, (double)made["decided_by_cheap"]!);
        Assert.Equal(10, made["curve"]!.AsArray().Count);
        Assert.Equal((double)made["log_loss_cheap"]!, (double)made["curve"]![9]!["log_loss"]!, 1e-9);
        var (cheap, cascade) = (await PredictAsync("length", "cheap.csv"), await PredictAsync("cascade", "cascade.csv"));
        Assert.Equal(cheap[3].Preference.A, cascade[3].Preference.A, 1e-9);

        var impossible = await CommandRun.OfAsync(
            ["blend", .. Members, "--data", _folder["train.jsonl"], "--cascade", "--max-error", "0.01", "--out", _folder["none"]]);
        Assert.Equal(TiebreakCommand.WrongInput, impossible.ExitCode);
        Assert.Contains("Give a larger --max-error", impossible.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stack-trees")]
    [InlineData("stack-logistic")]
    [InlineData("stack-svm")]
    public async Task A_stack_learns_from_what_its_members_say(string recipe)
    {
        var made = (await CommandRun.OkAsync(
            ["stack", recipe, .. Members, "--data", _folder["train.jsonl"], "--out", _folder[recipe], "--oof", _folder[$"{recipe}-oof.csv"],
                "--json"])).Json;
        Assert.Equal("stack", (string)made["kind"]!);
        Assert.InRange((double)made["report"]!["log_loss"]!, 0.3, 1.05);
        var written = (await CommandRun.OkAsync(
            "evaluate", "--predictions", _folder[$"{recipe}-oof.csv"], "--data", _folder["train.jsonl"], "--json")).Json;
        Assert.Equal((double)made["report"]!["log_loss"]!, (double)written["log_loss"]!, 1e-6);
        Assert.All(await PredictAsync(recipe, $"{recipe}.csv"), row => Assert.True(row.Preference.IsValid));
        await using var bundle = await Bundle.OpenAsync(_folder[recipe], Session.Judges);
        Assert.Empty(bundle.OneOrder.Traits.Numbers);
        Assert.True(bundle.Judge.Traits.IsSymmetric);
    }

    [Fact]
    public async Task Members_of_one_recipe_are_trained_on_the_same_folds_with_seeds_of_their_own()
    {
        var made = (await CommandRun.OkAsync(
            "train", "length", "--data", _folder["train.jsonl"], "--out", _folder["seeds"], "--members", "2", "--oof", _folder["seeds.csv"],
            "--json")).Json;
        Assert.Equal(["seed-1", "seed-2"], made["members"]!.AsArray().Select(member => (string)member!["name"]!));
        Assert.Equal(300, SubmissionFile.Read(_folder["seeds.csv"]).Count);
        await using var bundle = await Bundle.OpenAsync(_folder["seeds"], Session.Judges);
        Assert.Equal("blend", bundle.Manifest.Kind);
        Assert.Equal(["judge.json", "seeds"], [Path.GetFileName(Directory.GetFiles(_folder["seeds"], "judge.json")[0]),
            .. Directory.GetDirectories(_folder.Path, "seeds*").Select(Path.GetFileName)]);
    }

    [Theory]
    [InlineData("--data, which it is fitted to", "blend", "--judge", "one")]
    [InlineData("--link goes with --judge", "blend", "one.csv", "two.csv", "--link")]
    [InlineData("--max-time goes with --cascade", "blend", "--judge", "one", "--data", "x", "--out", "y", "--max-time", "0.3")]
    [InlineData("are made of trained judges", "train", "blend.yaml", "--data", "x", "--out", "y")]
    public async Task What_does_not_go_together_is_said(string message, params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder["blend.yaml"], "kind: blend");
        var run = await CommandRun.OfAsync(
            [.. arguments.Select(argument => argument.EndsWith(".yaml", StringComparison.Ordinal) ? _folder[argument] : argument)]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<SubmissionRow>> PredictAsync(string judge, string file, params string[] more)
    {
        string[] data = more is ["--data", var other, ..] ? [other] : [_folder["test.jsonl"]];
        string[] rest = more is ["--data", ..] ? more[2..] : more;
        await CommandRun.OkAsync(["predict", "--judge", _folder[judge], "--data", .. data, "--out", _folder[file], .. rest]);
        return SubmissionFile.Read(_folder[file]);
    }

    /// <summary>Two trained judges with their out-of-fold preferences, and battles that are new to them.</summary>
    public sealed class Judges : IAsyncLifetime
    {
        internal TemporaryFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            BattleWriter.WriteJsonl(Folder["train.jsonl"], SyntheticBattles.Create(300));
            IReadOnlyList<Battle> others = [.. SyntheticBattles.Create(300, seed: 2).Select((battle, i) => battle with
            {
                Id = $"new-{i}",
                Turns = [battle.Turns[0] with { Prompt = $"Another question {i}?" }],
            })];
            BattleWriter.WriteJsonl(Folder["new.jsonl"], others);
            BattleWriter.WriteJsonl(Folder["test.jsonl"], [.. others.Take(60).Select(battle => battle with { Verdict = null })]);
            foreach (var (recipe, words) in new (string, string[])[] { ("length", []), ("text", ["--set", "features.word_classes=true"]) })
            {
                await CommandRun.OkAsync(
                [
                    "train", recipe, "--data", Folder["train.jsonl"], "--out", Folder[recipe], "--oof", Folder[$"{recipe}.csv"], .. words,
                ]);
            }
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
