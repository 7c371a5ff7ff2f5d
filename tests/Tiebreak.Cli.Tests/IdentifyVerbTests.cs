using System.Xml.Linq;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class IdentifyVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_learns_who_writes_how_and_tells_it()
    {
        var battles = new PlantedBattles(effect: 0).Create(250)
            .Select((battle, i) => i > 1 ? battle : battle with { ModelA = "rare-1" }).ToList();
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], battles);
        var families = _folder.Write("families.yaml", "coder-1: small\npoet-1: small\n");
        var run = await CommandRun.OfAsync(
            "identify", "train", _folder["battles.jsonl"], "--out", _folder["identifier"], "--families", families, "--csv",
            _folder["confusion.csv"], "--plot", _folder["confusion.svg"], "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True((double)run.Json["all"]!["top1"]! > 0.75);
        Assert.Equal("rare-1", (string)run.Json["pooled"]![0]!["model"]!);
        Assert.Equal(5, (int)run.Json["models"]!);
        Assert.Equal(
            ["other", "small", "tiny", "titan"],
            run.Json["family_confusion"]!.AsArray().Select(pair => (string)pair!["writer"]!).Distinct());
        Assert.Equal("writer,said,responses", (await File.ReadAllLinesAsync(_folder["confusion.csv"]))[0]);
        XDocument.Load(_folder["confusion.svg"]);

        var one = await CommandRun.OfAsync(
            "identify", "Certainly. rivers lamps stones. I hope this overview is useful.", "--identifier", _folder["identifier"], "--json");
        Assert.True(one.ExitCode == 0, one.Errors);
        Assert.Equal("titan-large", (string)one.Json["texts"]![0]!["models"]![0]!["model"]!);
        Assert.NotEmpty(one.Json["texts"]![0]!["evidence"]!.AsArray());
        var leak = await CommandRun.OfAsync("identify", "I am Claude, made by Anthropic.", "--identifier", _folder["identifier"]);
        Assert.Contains("names itself or its maker", leak.Output, StringComparison.Ordinal);

        BattleWriter.WriteJsonl(_folder["new.jsonl"], new PlantedBattles(effect: 0).Create(100, seed: 4));
        var evaluation = await CommandRun.OfAsync("identify", "evaluate", _folder["identifier"], "--data", _folder["new.jsonl"], "--json");
        Assert.True(evaluation.ExitCode == 0, evaluation.Errors);
        Assert.True((double)evaluation.Json["all"]!["top1"]! > 0.75);
        var file = await CommandRun.OfAsync(
            "identify", "--data", _folder["new.jsonl"], "--identifier", _folder["identifier"], "--out", _folder["writers.csv"]);
        Assert.True(file.ExitCode == 0, file.Errors);
        Assert.Equal(201, (await File.ReadAllLinesAsync(_folder["writers.csv"])).Length);
        Assert.Contains(
            "prompts of all",
            (await CommandRun.OfAsync("identify", "evaluate", _folder["identifier"], "--data", _folder["battles.jsonl"])).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_files_are_read_as_those_that_it_learned_from()
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], new PlantedBattles(effect: 0).Create(120));
        var renamed = _folder.Write("renamed.jsonl", (await File.ReadAllTextAsync(_folder["battles.jsonl"]))
            .Replace("\"model_a\":", "\"first\":", StringComparison.Ordinal).Replace("\"model_b\":", "\"second\":", StringComparison.Ordinal));
        await CommandRun.OkAsync(
            "identify", "train", renamed, "--out", _folder["identifier"], "--columns", "model_a=first,model_b=second");

        var evaluation = await CommandRun.OkAsync("identify", "evaluate", _folder["identifier"], "--data", renamed, "--json");

        Assert.Equal(240, (int)evaluation.Json["all"]!["responses"]!);
    }

    [Fact]
    public async Task Wrong_use_is_one_sentence()
    {
        BattleWriter.WriteJsonl(_folder["nameless.jsonl"], SyntheticBattles.Create(20));
        await Refused("names no models", "identify", "train", _folder["nameless.jsonl"], "--out", _folder["identifier"]);
        BattleWriter.WriteJsonl(_folder["few.jsonl"], new PlantedBattles(effect: 0).Create(20));
        await Refused(
            "needs responses of at least two", "identify", "train", _folder["few.jsonl"], "--out",
            _folder["identifier"], "--min-responses", "1000");
        await Refused("folds", "identify", "train", _folder["few.jsonl"], "--out", _folder["identifier"], "--folds", "1");
        await Refused(
            "does not exist", "identify", "train", _folder["few.jsonl"], "--out", _folder["identifier"],
            "--families", _folder["none.yaml"]);
        await Refused("Give the identifier", "identify", "text");
        await Refused("either responses", "identify", "--identifier", _folder.Path);
        await Refused("A text is empty", "identify", " ", "--identifier", _folder.Path);
        await Refused("is not an identifier", "identify", "text", "--identifier", _folder.Path);
        await Refused("--out goes with --data", "identify", "text", "--identifier", _folder.Path, "--out", "x.csv");

        static async Task Refused(string said, params string[] arguments)
        {
            var run = await CommandRun.OfAsync(arguments);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("battles/mtbench_human.jsonl.gz", 0.3)]
    [InlineData("kaggle/train_head.csv", 0.09)]
    public async Task Real_writers_are_told_better_than_by_the_most_frequent(string file, double atLeast)
    {
        var run = await CommandRun.OfAsync("identify", "train", Repository.Shared("real", file), "--out", _folder["identifier"], "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True((double)run.Json["all"]!["top1"]! > atLeast);
        Assert.True((double)run.Json["all"]!["top1_ci"]![0]! > (double)run.Json["majority"]!);
        Assert.True((double)run.Json["all"]!["log_loss"]! < (double)run.Json["share_log_loss"]!);
    }
}
