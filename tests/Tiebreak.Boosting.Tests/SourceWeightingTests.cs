using System.Text.Json.Nodes;
using Tiebreak.Boosting.FeatureJudges;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Boosting.Tests;

/// <summary>Sources that were planted: of the target's own kind, and with what people said turned round.</summary>
public sealed class SourceWeightingTests
{
    private static readonly IReadOnlyList<Battle> Target = From("target", count: 60, seed: 1);

    [Fact]
    public async Task A_source_of_the_targets_own_kind_is_found_and_helps_and_one_of_opposite_verdicts_is_dropped()
    {
        var kin = From("kin", count: 600, seed: 2);
        var poison = From("poison", count: 300, seed: 3).Select(battle => battle with { Verdict = battle.Verdict!.Value.Swapped() });
        var alone = await TrainAsync(Target);
        var together = await TrainAsync([.. Target, .. poison, .. kin]);

        var sources = together.Outcome.Manifest.Training!["sources"]!.AsArray().ToDictionary(source => (string)source!["source"]!, source => source!);
        Assert.Equal(["target", "poison", "kin"], sources.Keys);
        Assert.Equal(0, (double)sources["poison"]["weight"]!);
        Assert.True((double)sources["kin"]["weight"]! > 0, together.Outcome.Manifest.Training!["sources"]!.ToJsonString());
        Assert.True((double)sources["kin"]["gain_ci"]![0]! > 0, sources["kin"].ToJsonString());
        Assert.Equal(Target.Count, together.Outcome.Result.Rows);
        Assert.True(together.Outcome.Result.LogLoss < alone.Outcome.Result.LogLoss - 0.03, $"{alone.Outcome.Result.LogLoss} -> {together.Outcome.Result.LogLoss}");
    }

    [Fact]
    public async Task A_dropped_source_leaves_no_trace()
    {
        var poison = From("poison", count: 300, seed: 3).Select(battle => battle with { Verdict = battle.Verdict!.Value.Swapped() });
        var target = From("target", count: 120, seed: 1);
        var alone = await TrainAsync(target);
        var offered = await TrainAsync([.. target, .. poison]);

        Assert.Equal(alone.Trees, offered.Trees);
        Assert.Equal(alone.Outcome.OutOfFold, offered.Outcome.OutOfFold);
        Assert.Equal(alone.Outcome.Manifest.Temperature, offered.Outcome.Manifest.Temperature);
        Assert.Equal(alone.Outcome.Manifest.Priors, offered.Outcome.Manifest.Priors);
    }

    [Theory]
    [InlineData("""{"sources":{"weights":[]}}""", "sources.weights")]
    [InlineData("""{"sources":{"weights":[0.5,-1]}}""", "sources.weights")]
    [InlineData("""{"sources":{"standard_errors":-1}}""", "sources.standard_errors")]
    public void Impossible_weights_are_refused(string json, string key) => Assert.Contains(
        key,
        Assert.Throws<InputException>(() => new FeatureJudgeFormat(1).CreateTrainer(new Recipe("feature", JsonNode.Parse(json)!.AsObject()))).Message,
        StringComparison.Ordinal);

    private static IReadOnlyList<Battle> From(string source, int count, ulong seed) =>
    [
        .. SyntheticBattles.Create(count, seed).Select(battle => battle with
        {
            Id = $"{source}-{battle.Id}",
            Source = source,
            Turns = [battle.Turns[0] with { Prompt = $"{source}: {battle.Turns[0].Prompt}" }],
        }),
    ];

    private static async Task<(TrainingOutcome Outcome, string Trees)> TrainAsync(IReadOnlyList<Battle> battles)
    {
        using var folder = new TemporaryFolder();
        var options = JsonNode.Parse("""{"boosting":{"rounds":60,"patience":15,"min_rows_in_leaf":10},"terms":{"l2":1}}""")!.AsObject();
        var outcome = await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat(2).CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Threads = 2,
        }.RunAsync(new LabelledBattles(battles));
        return (outcome, await File.ReadAllTextAsync(Path.Combine(folder["judge"], "trees.txt")));
    }
}
