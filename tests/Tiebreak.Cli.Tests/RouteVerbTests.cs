using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed partial class RouteVerbTests : IDisposable
{
    private const string Costs =
        """
        titan-large: { input_per_million: 10, output_per_million: 30, seconds: 9 }
        coder-1: { per_answer: 0.0003, seconds: 4 }
        poet-1: { per_answer: 0.0002, seconds: 5 }
        tiny-1: { per_answer: 0.00005, seconds: 1 }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_votes_to_a_policy_that_chooses_by_prompt()
    {
        var run = await TrainAsync(
            new PlantedBattles(effect: 2).Create(1500), "--csv", _folder["curve.csv"], "--plot", _folder["curve.svg"], "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True((bool)run.Json["uses_prompts"]!);
        var validation = run.Json["validation"]!;
        Assert.True((double)validation["difference_to_bradley_terry_ci"]![1]! < 0);
        Assert.True((double)validation["difference_to_without_prompts_ci"]![1]! < 0);
        Assert.Equal(1 + (2 * 19) + 4, (await File.ReadAllLinesAsync(_folder["curve.csv"])).Length);
        Assert.Contains(XDocument.Load(_folder["curve.svg"]).Descendants(), element => element.Name.LocalName is "polyline");

        var code = await CommandRun.OfAsync(
            "route", "choose", _folder["policy"], "--prompt", "Write a function that sorts rivers and maps number 7.",
            "--threshold", "0.6", "--json");
        Assert.Equal("coder-1", (string)code.Json["model"]!);
        var poem = await CommandRun.OfAsync(
            "route", "choose", _folder["policy"], "--prompt", "Write a poem about rivers and maps number 7.",
            "--threshold", "0.6", "--json");
        Assert.Equal("poet-1", (string)poem.Json["model"]!);

        _folder.Write(
            "prompts.jsonl",
            "{\"id\": 7, \"prompt\": \"Write a poem about rivers and maps number 7.\"}\n\n{\"prompt\": "
                + "[\"Who discovered glass?\", \"And when?\"]}\n");
        var many = await CommandRun.OfAsync(
            "route", "choose", _folder["policy"], "--data", _folder["prompts.jsonl"], "--threshold", "0.6",
            "--out", _folder["choices.csv"]);
        Assert.True(many.ExitCode == 0, many.Errors);
        var lines = await File.ReadAllLinesAsync(_folder["choices.csv"]);
        Assert.StartsWith("7,poet-1,0.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("3,", lines[2], StringComparison.Ordinal);

        BattleWriter.WriteJsonl(_folder["new.jsonl"], new PlantedBattles(effect: 2).Create(600, seed: 5));
        var evaluation = await CommandRun.OfAsync("route", "evaluate", _folder["policy"], "--data", _folder["new.jsonl"], "--json");
        Assert.True(evaluation.ExitCode == 0, evaluation.Errors);
        Assert.True((double)evaluation.Json["difference_to_without_prompts"]! < 0);
        var seen = await CommandRun.OfAsync("route", "evaluate", _folder["policy"], "--data", _folder["battles.jsonl"]);
        Assert.Contains("was trained on the prompts of all", seen.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_reads_later_files_with_the_names_that_it_was_trained_with()
    {
        string[] mapping =
        [
            "--columns", "prompt=ask,response_a=left.text,response_b=right.text,model_a=left.by,model_b=right.by,winner=better",
            "--winner", "L=model_a,R=model_b,none=tie",
        ];
        WriteRenamed("renamed.jsonl", seed: 1);
        var trained = await CommandRun.OfAsync(
            [
                "route", "train", _folder["renamed.jsonl"], "--costs", _folder.Write("costs.yaml", Costs), "--reference", "titan-large",
                "--out", _folder["policy"], "--prompts", "never", "--folds", "2", .. mapping,
            ]);
        Assert.True(trained.ExitCode == 0, trained.Errors);

        WriteRenamed("later.jsonl", seed: 2);
        var evaluated = await CommandRun.OfAsync("route", "evaluate", _folder["policy"], "--data", _folder["later.jsonl"], "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.Equal(0, (int)evaluated.Json["unknown_votes"]!);
    }

    [Fact]
    public async Task The_tables_for_people()
    {
        var run = await TrainAsync(new PlantedBattles(effect: 0).Create(400), "--by", "seconds");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("Prompts are not used", run.Output, StringComparison.Ordinal);

        // Rows depend on the last digits of sums, which processors round differently.
        Snapshot.Match(Masked(run.Output), "route-train");
        var choice = await CommandRun.OfAsync(
            "route", "choose", _folder["policy"], "--prompt", "Who discovered glass?", "--threshold", "0.2");
        Snapshot.Match(Masked(choice.Output), "route-choose");
    }

    [Theory]
    [InlineData("do not name the reference", "coder-1: { per_answer: 1 }\ntiny-1: { per_answer: 1 }", "titan-large")]
    [InlineData("coder-1 are incomplete", "titan-large: { per_answer: 1 }\ncoder-1: { input_per_million: 1 }", "titan-large")]
    [InlineData("name ghost, which is not in the votes", "titan-large: { per_answer: 1 }\nghost: { per_answer: 1 }", "titan-large")]
    [InlineData("The reference gpt-9 is not in the votes", "titan-large: { per_answer: 1 }\ncoder-1: { per_answer: 1 }", "gpt-9")]
    [InlineData("has \"price\", which is none of", "titan-large: { price: 1 }", "titan-large")]
    [InlineData("\"cheap\", which is no number", "titan-large: { per_answer: cheap }", "titan-large")]
    [InlineData("not followed by a section", "titan-large: 3", "titan-large")]
    [InlineData("one model only", "titan-large: { per_answer: 1 }", "titan-large")]
    public async Task Wrong_costs_are_one_sentence(string said, string costs, string reference)
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], new PlantedBattles(effect: 0).Create(60));
        var run = await CommandRun.OfAsync(
            "route", "train", _folder["battles.jsonl"], "--costs", _folder.Write("costs.yaml", costs), "--reference",
            reference, "--out", _folder["policy"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("error of its own", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model,per_answer\ntitan-large,10\n\"coder-1\",1\n", null)]
    [InlineData("name,per_answer\ntitan-large,10\n", "no column \"model\"")]
    [InlineData("model,per_answer\ntitan-large,10,5\n", "line 2 has 3 fields instead of 2")]
    public async Task Costs_come_as_CSV_too(string csv, string? said)
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], new PlantedBattles(effect: 0).Create(200));
        var run = await CommandRun.OfAsync(
            "route", "train", _folder["battles.jsonl"], "--costs", _folder.Write("costs.csv", csv), "--reference", "titan-large", "--out",
            _folder["policy"], "--prompts", "never", "--folds", "2");
        Assert.Equal(said is null ? 0 : 2, run.ExitCode);
        Assert.Contains(said ?? "so they are never chosen", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_use_is_one_sentence()
    {
        BattleWriter.WriteJsonl(_folder["nameless.jsonl"], SyntheticBattles.Create(20));
        _folder.Write("costs.yaml", Costs);
        await Refused(
            "names no models", "route", "train", _folder["nameless.jsonl"], "--costs", _folder["costs.yaml"], "--reference",
            "titan-large", "--out", _folder["policy"]);
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], new PlantedBattles(effect: 0).Create(60));
        string[] train =
        [
            "route", "train", _folder["battles.jsonl"], "--costs", _folder["costs.yaml"], "--reference", "titan-large", "--out",
            _folder["policy"],
        ];
        await Refused("does not say what ghost costs", [.. train, "--models", "ghost"]);
        await Refused("--folds must be", [.. train, "--folds", "1"]);
        await Refused("pictures are written as .svg", [.. train, "--plot", "curve.png"]);
        await Refused("The threshold is 1.5", [.. train, "--threshold", "1.5"]);
        await Refused(
            "does not exist", "route", "train", _folder["battles.jsonl"], "--costs", _folder["none.yaml"], "--reference",
            "titan-large", "--out", _folder["policy"]);
        await Refused("is not a routing policy", "route", "choose", _folder.Path, "--prompt", "x");
        Assert.Equal(0, (await CommandRun.OfAsync([.. train, "--prompts", "never", "--folds", "2"])).ExitCode);
        await Refused("The prompt is empty", "route", "choose", _folder["policy"], "--prompt", " ");
        await Refused("either one prompt", "route", "choose", _folder["policy"]);
        await Refused(
            "line 1 has an empty \"prompt\"", "route", "choose", _folder["policy"], "--data",
            _folder.Write("p.jsonl", "{\"prompt\": \"\"}"));
        await Refused("line 1 is not an object", "route", "choose", _folder["policy"], "--data", _folder.Write("q.jsonl", "[1]"));

        static async Task Refused(string said, params string[] arguments)
        {
            var run = await CommandRun.OfAsync(arguments);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>Planted battles under names that no layout knows.</summary>
    private void WriteRenamed(string name, ulong seed) => File.WriteAllLines(_folder[name], new PlantedBattles(effect: 0).Create(200, seed)
        .Select(battle => new JsonObject
        {
            ["id"] = battle.Id,
            ["ask"] = battle.Turns[0].Prompt,
            ["left"] = new JsonObject { ["by"] = battle.ModelA, ["text"] = battle.Turns[0].ResponseA },
            ["right"] = new JsonObject { ["by"] = battle.ModelB, ["text"] = battle.Turns[0].ResponseB },
            ["better"] = battle.Verdict switch { Verdict.A => "L", Verdict.B => "R", _ => "none" },
        }.ToJsonString()));

    private Task<CommandRun> TrainAsync(IReadOnlyList<Battle> battles, params string[] more)
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], battles);
        return CommandRun.OfAsync(["route", "train", _folder["battles.jsonl"], "--costs", _folder.Write("costs.yaml", Costs), "--reference",
            "titan-large", "--out", _folder["policy"], .. more]);
    }

    private string Masked(string output)
    {
        var lines = Digits()
            .Replace(output.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "#")
            .Split('\n');

        // Thresholds that choose alike are one row: how many rows there are depends on digits too.
        return string.Join('\n', lines.Where((line, i) =>
            i == 0 || !line.StartsWith("│ #", StringComparison.Ordinal) || !lines[i - 1].StartsWith("│ #", StringComparison.Ordinal)));
    }

    [GeneratedRegex("[-+]?[0-9][0-9.,]*( to [-+]?[0-9][0-9.,]*)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();
}
