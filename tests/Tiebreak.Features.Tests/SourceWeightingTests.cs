using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Splitting;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

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

        var sources = together.Outcome.Manifest.Training!["sources"]!
            .AsArray().ToDictionary(source => (string)source!["source"]!, source => source!);
        Assert.Equal(["target", "poison", "kin"], sources.Keys);
        Assert.Equal(0, (double)sources["poison"]["weight"]!);
        Assert.True((double)sources["kin"]["weight"]! > 0, together.Outcome.Manifest.Training!["sources"]!.ToJsonString());
        Assert.True((double)sources["kin"]["gain_ci"]![0]! > 0, sources["kin"].ToJsonString());
        Assert.Equal(Target.Count, together.Outcome.Result.Rows);
        Assert.True(
            together.Outcome.Result.LogLoss < alone.Outcome.Result.LogLoss - 0.03,
            $"{alone.Outcome.Result.LogLoss} -> {together.Outcome.Result.LogLoss}");
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

    [Fact]
    public void On_real_votes_the_other_half_of_the_prompts_is_found_and_with_the_sides_of_its_verdicts_exchanged_dropped()
    {
        using var file = new StreamReader(new GZipStream(
            File.OpenRead(Repository.Shared("real", "battles", "autoj_pairwise.jsonl.gz")), CompressionMode.Decompress));
        var battles = new List<Battle>();
        while (file.ReadLine() is { } line)
            battles.Add(BattleJson.Read(Encoding.UTF8.GetBytes(line)));

        // Every other prompt; of the planted half one part keeps its verdicts, the other has A and B exchanged.
        var prompts = PromptGroup.Number(battles);
        var offered = battles.Select((battle, i) => (prompts[i] % 4) switch
        {
            0 or 2 => battle with { Source = "target" },
            1 => battle with { Source = "planted" },
            _ => battle with { Source = "turned", Verdict = battle.Verdict!.Value.Swapped() },
        });
        var labelled = new LabelledBattles([.. offered.OrderBy(battle => battle.Source is not "target")]);
        var isTarget = BattleSource.FindTarget(labelled.Battles, "target");
        var job = new TrainingJob
        {
            Battles = labelled,
            Folds = GroupedFolds.Assign(labelled, isTarget, 5, seed: 0),
            FoldCount = 5,
            IsTarget = isTarget,
            Placement = new() { Threads = 2 },
        };
        var counted = FeatureGroups.Counted(new FeatureJudgeOptions(), []);
        var matrix = counted.Extract(labelled.Battles, threads: 2, cancellationToken: TestContext.Current.CancellationToken);
        var decisions = SourceWeighting.Choose(
            new FeatureJudgeOptions(), job, matrix, new FeatureSchema([.. counted.Columns]), TestContext.Current.CancellationToken);
        Assert.True(decisions["planted"].Weight > 0, $"{decisions["planted"]}");
        Assert.Equal(0, decisions["turned"].Weight);
    }

    [Theory]
    [InlineData("""{"sources":{"weights":[]}}""", "sources.weights")]
    [InlineData("""{"sources":{"weights":[0.5,-1]}}""", "sources.weights")]
    [InlineData("""{"sources":{"standard_errors":-1}}""", "sources.standard_errors")]
    public void Impossible_weights_are_refused(string json, string key) => Assert.Contains(
        key,
        Assert.Throws<InputException>(
            () => new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", JsonNode.Parse(json)!.AsObject()))).Message,
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
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Placement = new() { Threads = 2 },
        }.RunAsync(new LabelledBattles(battles));
        return (outcome, await File.ReadAllTextAsync(Path.Combine(folder["judge"], "trees.txt")));
    }
}
