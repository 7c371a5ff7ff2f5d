using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Validation of judges whose faults are known, through the real command line.</summary>
public sealed class ValidateTests : IDisposable
{
    private const int Battles = 150;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_biased_judge_of_probabilities_is_seen_through()
    {
        var battles = Labels();
        Write("p.csv", battles, (battle, random) => Said(battle.Verdict!.Value, first: true, ref random));
        Write("s.csv", battles, (battle, random) => Said(battle.Verdict!.Value.Swapped(), first: true, ref random));

        var run = await CommandRun.OkAsync(
            "validate", "--predictions", _folder["p.csv"], "--swapped", _folder["s.csv"], "--again", _folder["p.csv"], "--data",
            _folder["labels.jsonl"], "--json");

        var measures = Measures(run.Json);
        Assert.InRange(Value("agreement"), 0.5, 0.9);
        Assert.True((double)measures["kappa"]["ci"]![0]! > 0);
        Assert.InRange(Value("flips"), 0.1, 0.6);
        Assert.True((double)measures["position"]["ci"]![0]! > 0); // it favours the first side
        Assert.Equal(1, Value("retest"));
        Assert.Equal(13, measures.Count);
        Assert.InRange((int)run.Json["labels_for_five_points"]!, 100, 500);
        Assert.Contains("both orders", run.Json["conclusions"]!.ToJsonString(), StringComparison.Ordinal);

        double Value(string name) => (double)measures[name]["value"]!;
    }

    [Fact]
    public async Task Bare_verdicts_show_what_they_can_and_say_what_is_missing()
    {
        var battles = Labels();
        await File.WriteAllTextAsync(_folder["v.csv"], "id,winner\n" + string.Concat(battles.Select((battle, i) =>
            $"{battle.Id},{(i % 4 == 0 ? "tie" : battle.Verdict switch { Verdict.A => "A", Verdict.B => "model_b", _ => "tie" })}\n")));

        var run = await CommandRun.OkAsync(
            "validate", "--predictions", _folder["v.csv"], "--data", _folder["labels.jsonl"], "--report", _folder["v.html"]);
        Snapshot.Match(run.Output.Replace(_folder[""], "", StringComparison.Ordinal), "validate");
        var page = await File.ReadAllTextAsync(_folder["v.html"]);
        Assert.Contains("<h2>In short</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        var measures = Measures((await CommandRun.OkAsync(
            "validate", "--predictions", _folder["v.csv"], "--data", _folder["labels.jsonl"], "--json")).Json);
        foreach (var name in new[] { "flips", "position", "retest", "calibration", "log-loss" })
            Assert.Null(measures[name]["value"]);
    }

    [Fact]
    public async Task A_requirement_that_is_not_met_is_exit_code_1_and_one_that_was_not_measured_is_wrong_input()
    {
        var battles = Labels();
        Write("p.csv", battles, (battle, random) => Said(battle.Verdict!.Value, first: false, ref random));
        string[] arguments = ["validate", "--predictions", _folder["p.csv"], "--data", _folder["labels.jsonl"], "--require"];

        Assert.Equal(0, (await CommandRun.OfAsync([.. arguments, "kappa=0.2", "length=0.5"])).ExitCode);
        var failed = await CommandRun.OfAsync([.. arguments, "kappa=0.2", "calibration=0.0001"]);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("calibration", failed.Output, StringComparison.Ordinal);
        foreach (var (requirement, said) in new[] { ("flips=0.2", "was not measured"), ("kapa=1", "kappa"), ("kappa", "of the form") })
        {
            var wrong = await CommandRun.OfAsync([.. arguments, requirement]);
            Assert.Equal(2, wrong.ExitCode);
            Assert.Contains(said, wrong.Errors, StringComparison.Ordinal);
            Assert.Contains("--require", wrong.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_judge_that_agrees_as_people_do_may_take_the_place_of_one()
    {
        Write("p.csv", Labels(), (battle, random) => Said(battle.Verdict!.Value, first: false, ref random));
        var battles = BattleSet.Load([_folder["labels.jsonl"]]).Battles;
        BattleWriter.WriteJsonl(_folder["three.jsonl"], battles.SelectMany(battle => Enumerable.Range(0, 3).Select(annotator => battle with
        {
            Id = $"{battle.Id}-{annotator}",
            Verdict = Noisy(battle.Verdict!.Value, RandomOf(battle, (ulong)annotator)),
            AnnotatorIds = [$"annotator {annotator}"],
        })));
        SubmissionFile.Write(
            _folder["three.csv"],
            [.. battles.SelectMany(battle => Enumerable.Range(0, 3).Select(annotator => $"{battle.Id}-{annotator}"))],
            [.. battles.SelectMany(battle => Enumerable.Repeat(Sure(battle.Verdict!.Value), 3))]);

        var json = (await CommandRun.OkAsync(
            "validate", "--predictions", _folder["three.csv"], "--data", _folder["three.jsonl"], "--json")).Json;

        Assert.Equal((Battles, 3 * Battles), ((int)json["beside_people"]!["battles"]!, (int)json["beside_people"]!["votes"]!));
        Assert.True((double)json["beside_people"]!["judge"]! > (double)json["beside_people"]!["people"]!);
        Assert.Contains("in the place of one more annotator", (string)json["conclusions"]![0]!, StringComparison.Ordinal);
        Assert.Equal(3, json["annotators"]!["annotators"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("Give either --judge", "validate", "--data", "x.jsonl")]
    [InlineData("--swapped", "validate", "--judge", "j", "--swapped", "s.csv", "--data", "x.jsonl")]
    public async Task Wrong_usage_is_said(string said, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, JsonObject> Measures(JsonObject json) => json["measures"]!.AsArray()
        .ToDictionary(measure => (string)measure!["name"]!, measure => measure!.AsObject(), StringComparer.Ordinal);

    private IReadOnlyList<Battle> Labels()
    {
        var battles = SyntheticBattles.Create(Battles);
        BattleWriter.WriteJsonl(_folder["labels.jsonl"], battles);
        return battles;
    }

    private void Write(string name, IReadOnlyList<Battle> battles, Func<Battle, SeededRandom, Preference> said) => SubmissionFile.Write(
        _folder[name], [.. battles.Select(battle => battle.Id)],
        [.. battles.Select(battle => said(battle, RandomOf(battle, seed: 4)))]);

    private static SeededRandom RandomOf(Battle battle, ulong seed) => new(seed, ulong.Parse(battle.Id, CultureInfo.InvariantCulture));

    /// <summary>A judge that is right about two times in three and, if asked to, favours the side that it is shown first.</summary>
    private static Preference Said(Verdict truth, bool first, ref SeededRandom random)
    {
        var verdict = Noisy(truth, random);
        return Preference.FromScores(
            (verdict is Verdict.A ? 0.9 : 0) + (first ? 0.6 : 0) + (0.3 * random.NextDouble()), verdict is Verdict.B ? 0.9 : 0,
            verdict is Verdict.Tie ? 0.9 : 0);
    }

    private static Preference Sure(Verdict verdict) => Preference.Normalised(
        verdict is Verdict.A ? 6 : 1, verdict is Verdict.B ? 6 : 1, verdict is Verdict.Tie ? 6 : 1);

    private static Verdict Noisy(Verdict truth, SeededRandom random) => random.NextDouble() < 0.6 ? truth : (Verdict)random.Next(3);
}
