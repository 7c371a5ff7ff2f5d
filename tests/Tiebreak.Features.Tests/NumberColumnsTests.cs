using System.Text.Json.Nodes;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

/// <summary>Battles whose verdicts follow from a reward of each side and a difficulty of the battle, and from nothing in their texts.</summary>
public sealed class NumberColumnsTests
{
    private static readonly JudgeRegistry Registry = new([new FeatureJudgeFormat()]);

    [Fact]
    public async Task A_judge_learns_from_numbers_what_no_text_says_and_stays_symmetric()
    {
        using var folder = new TemporaryFolder();
        var outcome = await TrainAsync(folder["judge"], Battles(500, seed: 1));
        Assert.True(outcome.Baselines.Single(baseline => baseline.Name is "class shares").DifferenceInterval.Upper < -0.3);
        Assert.True((double)outcome.Manifest.Training!["group_importances"]!["numbers"]! > 0.5);

        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry); // its check rows hold numbers
        Assert.Equal(["reward_a", "reward_b", "difficulty"], bundle.Judge.Traits.Numbers);
        var fresh = Battles(200, seed: 2);
        var judged = await bundle.Judge.JudgeAsync(fresh);
        var swapped = await bundle.Judge.JudgeAsync([.. fresh.Select(battle => battle.Swapped())]);
        Assert.All(judged.Zip(swapped), pair => Assert.Equal(pair.First.A, pair.Second.B, 12));
        Assert.True(new LabelledBattles(fresh).Targets.Zip(judged).Count(pair => pair.First.Top == pair.Second.Top) > 150);
    }

    [Fact]
    public async Task A_number_that_is_not_known_counts_as_average_and_none_at_all_is_refused()
    {
        using var folder = new TemporaryFolder();
        var battles = Battles(120, seed: 3);
        await TrainAsync(folder["judge"], battles);
        await using var bundle = await Bundle.OpenAsync(folder["judge"], Registry);
        var unknown = battles[0] with { Numbers = new Dictionary<string, double>() };
        Assert.True((await bundle.Judge.JudgeAsync([unknown]))[0].IsValid);
        var without = await Assert.ThrowsAsync<InputException>(() => bundle.Judge.JudgeAsync([battles[0] with { Numbers = null }]));
        Assert.Equal(["numbers"], without.Parameters);
    }

    [Theory]
    [InlineData("reward_a", "is of one side only")]
    [InlineData("seconds", "`battle-numbers` seconds")]
    public void A_number_of_no_known_side_is_refused(string name, string said)
    {
        var battle = Battles(1, seed: 4)[0] with { Numbers = new Dictionary<string, double> { [name] = 1 } };
        Assert.Contains(
            said, Assert.Throws<InputException>(() => NumberColumns.Learn([battle], new NumberOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exchanging_the_sides_changes_the_signs_of_differences_and_nothing_else() =>
        Gen.Select(Gen.Double, Gen.Double, Gen.Double).Sample((a, b, whole) =>
        {
            var battle = Battles(1, seed: 5)[0] with
            {
                Numbers = new Dictionary<string, double> { ["Checked facts_A"] = a, ["Checked facts_B"] = b, ["difficulty"] = whole },
            };
            var columns = NumberColumns.Learn([battle], new NumberOptions { OfBattle = ["difficulty"] });
            var (row, swapped, expected) = (new float[3], new float[3], new float[3]);
            columns.Fill(battle, row);
            columns.Fill(battle.Swapped(), swapped);
            new FeatureSchema(columns.Columns).Swap(row, expected);
            Assert.Equal(["diff_number_checked_facts", "sum_number_checked_facts", "number_difficulty"], columns.Columns.Select(c => c.Name));
            Assert.Equal(expected, swapped);
            Assert.All(row, value => Assert.True(float.IsFinite(value)));
        });

    private static Battle[] Battles(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var (a, b, difficulty) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
                var verdict = Math.Abs(a - b) < 0.3 * difficulty ? Verdict.Tie : a > b ? Verdict.A : Verdict.B;
                return new Battle
                {
                    Id = $"{seed}-{i}",
                    Turns = [new Turn($"prompt {seed} {i}", "one text", "one text")],
                    Verdict = verdict,
                    Numbers = new Dictionary<string, double> { ["reward_a"] = a, ["reward_b"] = b, ["difficulty"] = difficulty },
                };
            }),
        ];
    }

    private static Task<TrainingOutcome> TrainAsync(string folder, Battle[] battles) => new JudgeTraining
    {
        Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", JsonNode.Parse("""
            {
              "features": {"numbers": true, "terms": false, "vectors": false}, "numbers": {"of_battle": ["difficulty"]},
              "boosting": {"rounds": 100, "patience": 20, "min_rows_in_leaf": 10}
            }
            """)!.AsObject())),
        Kind = "feature",
        Out = folder,
        Data = [],
        Placement = new() { Threads = 2 },
    }.RunAsync(new LabelledBattles(battles), progress: null, CancellationToken.None);
}
