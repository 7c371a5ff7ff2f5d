using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

/// <summary>Both bad, planted: where both responses refuse, four of five people say so, and of the other battles one of twenty.</summary>
public sealed class AcceptabilityTests : IDisposable
{
    private const double OfRefusals = 0.8;
    private const double OfOthers = 0.05;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_planted_is_learned_calibrated_and_kept_in_the_bundle()
    {
        var manifest = await TrainAsync("judge", Planted(800, seed: 1));
        await using var bundle = await OpenAsync("judge");
        Assert.True(bundle.Judge.Traits.EstimatesAcceptability);

        var battles = Planted(400, seed: 2);
        var outcomes = await bundle.Judge.JudgeAsync(new JudgeRequest { Battles = battles, Orders = Orders.Both });
        double Mean(bool refused) => battles.Zip(outcomes).Where(pair => Refuse(pair.First) == refused)
            .Average(pair => pair.Second.NeitherAcceptable!.Value);
        Assert.Equal(OfRefusals, Mean(refused: true), 0.1);
        Assert.Equal(OfOthers, Mean(refused: false), 0.05);

        var swapped = await bundle.Judge.JudgeAsync(
            new JudgeRequest { Battles = [.. battles.Select(battle => battle.Swapped())], Orders = Orders.Both });
        Assert.Equal(outcomes.Select(outcome => outcome.NeitherAcceptable), swapped.Select(outcome => outcome.NeitherAcceptable));

        var report = manifest.Training!["neither_acceptable"]!;
        Assert.True((double)report["difference_ci"]![1]! < -0.1, report.ToJsonString());
        Assert.Equal((double)report["both_bad"]!, (double)report["expected"]!, 20.0);
        Assert.True((double)report["brier"]! < (double)report["brier_of_share"]!);
    }

    [Fact]
    public async Task The_preference_is_to_the_bit_that_of_a_judge_that_knows_ties_alone()
    {
        var battles = Planted(300, seed: 1);
        await TrainAsync("judge", battles);
        await TrainAsync("ties", [.. battles.Select(battle => battle with { Verdict = battle.Verdict!.Value.ToOutcome().ToVerdict() })]);
        await using var judge = await OpenAsync("judge");
        await using var ties = await OpenAsync("ties");

        Assert.False(ties.Judge.Traits.EstimatesAcceptability);
        Assert.Equal(await ties.Judge.JudgeAsync(battles), await judge.Judge.JudgeAsync(battles));
    }

    [Theory]
    [InlineData(AcceptabilityTrainer.FewestOfEach - 1, false)]
    [InlineData(AcceptabilityTrainer.FewestOfEach, true)]
    public async Task It_is_learned_from_fifty_such_labels_on(int labels, bool isLearned)
    {
        var battles = SyntheticBattles.Create(200).Select((battle, i) => i < labels ? battle with { Verdict = Verdict.BothBad } : battle);
        await TrainAsync("judge", [.. battles]);
        Assert.Equal(isLearned, File.Exists(Path.Combine(_folder["judge"], AcceptabilityTrainer.FileName)));
    }

    private static Battle[] Planted(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. SyntheticBattles.Create(count, seed).Select((battle, i) =>
        {
            var planted = i % 4 > 0 ? battle : battle with
            {
                Turns = [battle.Turns[0] with { ResponseA = "I'm sorry, I can't help with that.", ResponseB = "I cannot assist with this." }],
                Verdict = Verdict.Tie,
            };
            return random.NextDouble() < (Refuse(planted) ? OfRefusals : OfOthers) ? planted with { Verdict = Verdict.BothBad } : planted;
        })];
    }

    private static bool Refuse(Battle battle) => battle.Turns[0].ResponseA!.StartsWith("I'm sorry", StringComparison.Ordinal);

    private Task<Bundle> OpenAsync(string name) => Bundle.OpenAsync(_folder[name], new JudgeRegistry([new FeatureJudgeFormat()]));

    private async Task<BundleManifest> TrainAsync(string name, IReadOnlyList<Battle> battles)
    {
        var recipe = new JsonObject
        {
            ["features"] = new JsonObject { ["terms"] = false, ["word_classes"] = false, ["vectors"] = false },
            ["boosting"] = new JsonObject { ["rounds"] = 20, ["min_rows_in_leaf"] = 10 },
        };
        return (await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", recipe)),
            Kind = "feature",
            Out = _folder[name],
            Data = [],
            Placement = new() { Threads = 2 },
        }.RunAsync(new LabelledBattles(battles))).Manifest;
    }
}
