using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Counted;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Trees;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class TreeModelTests
{
    private static readonly BoostingOptions Options = new() { Rounds = 200, Patience = 20, MinRowsInLeaf = 10 };
    private static readonly FeatureSchema Schema =
        new([new("diff_x", "x", IsAntisymmetric: true), new("gap", "x", IsAntisymmetric: false)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_ways_of_growing_learn_soft_labels_and_foresee_them_on_new_rows(bool twoStage)
    {
        var (rows, fresh) = (Data(3000, seed: 1), Data(1000, seed: 2));
        using var trees = Grow(Options with { TwoStage = twoStage, FeatureFraction = 1 }, rows, rounds: 80);
        var entropy = fresh.Targets.Average(target => LogLoss.Of(target, target));
        Assert.Equal(entropy, LogLoss.PerRow(trees.PredictBothOrders(fresh.Features, Schema, 2), fresh.Targets).Average(), 0.01);
    }

    [Fact]
    public void The_loss_of_the_outcomes_is_the_sum_of_the_losses_of_both_stages()
    {
        var rows = Data(500, seed: 3);
        var random = new SeededRandom(5);
        double[] ties = [.. rows.Targets.Select(_ => (4 * random.NextDouble()) - 2)], winners =
        [
            .. rows.Targets.Select(_ => (4 * random.NextDouble()) - 2),
        ];
        var both = rows.Targets.Select((target, i) =>
        {
            var tie = 1 / (1 + Math.Exp(-ties[i]));
            var a = 1 / (1 + Math.Exp(-winners[i]));
            return LogLoss.Of(new Preference((1 - tie) * a, (1 - tie) * (1 - a), tie), target);
        }).Average();
        Assert.Equal(both, LogisticObjective.Tie.Of(rows).Mean(ties) + LogisticObjective.Winner.Of(rows).Mean(winners), 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Derivatives_are_those_of_the_loss(int which)
    {
        IBoostingObjective objective = which switch
        {
            0 => new SoftmaxObjective(),
            1 =>
            LogisticObjective.Tie,
            _ => LogisticObjective.Winner
        };
        var rows = Data(4, seed: 4) with { Weights = [1, 0.5, 2, 1] };
        double[] scores = [.. Enumerable.Range(0, 4 * objective.Scores).Select(k => Math.Sin(k))];
        var (gradient, hessian) = (new float[scores.Length], new float[scores.Length]);
        var loss = objective.Of(rows);
        loss.Differentiate(scores, gradient, hessian);
        for (var k = 0; k < scores.Length; k++)
        {
            double At(double step) => loss.Mean([.. scores.Select((score, i) => i == k ? score + step : score)]) * 4.5;
            Assert.Equal((At(1e-4) - At(-1e-4)) / 2e-4, gradient[k], 4);
            var scale = objective.Scores == 3 ? 1.5 : 1; // LightGBM's factor K / (K - 1)
            Assert.Equal(scale * (At(1e-3) - (2 * At(0)) + At(-1e-3)) / 1e-6, hessian[k], 3);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Contributions_add_up_to_the_log_odds(bool twoStage)
    {
        var rows = Data(1000, seed: 1);
        using var trees = Grow(Options with { TwoStage = twoStage, Members = 2 }, rows, rounds: 20);
        for (var i = 0; i < 20; i++)
        {
            // Without the base score, which is the same for all rows.
            var one = Odds(trees, rows.Features.Rearranged([i]), twoStage);
            var other = Odds(trees, rows.Features.Rearranged([i + 20]), twoStage);
            var contributions = Difference(
                trees.Contributions(rows.Features[i], Schema, 1), trees.Contributions(rows.Features[i + 20], Schema, 1));
            Assert.Equal(one.TowardsA - other.TowardsA, contributions.TowardsA, 5);
            Assert.Equal(one.TowardsTie - other.TowardsTie, contributions.TowardsTie, 5);
        }
    }

    [Fact]
    public async Task A_judge_of_two_stages_with_several_members_is_saved_opened_and_symmetric()
    {
        using var folder = new TemporaryFolder();
        var options = JsonNode.Parse(
            """{"boosting":{"rounds":40,"patience":10,"min_rows_in_leaf":10,"two_stage":true,"members":2},"terms":{"l2":1}}""")!.AsObject();
        var outcome = await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", options)),
            Kind = "feature",
            Out = folder["judge"],
            Data = [],
            Placement = new() { Threads = 2 },
        }.RunAsync(new LabelledBattles(SyntheticBattles.Create(300)));
        Assert.True(outcome.Baselines.Single(baseline => baseline.Name is "class shares").DifferenceInterval.Upper < -0.1);
        Assert.Superset(
            new HashSet<string>(["trees_tie.txt", "trees_tie.2.txt", "trees_winner.txt", "trees_winner.2.txt"]),
            outcome.Manifest.Files.Keys.ToHashSet());

        var registry = new JudgeRegistry([new FeatureJudgeFormat()]);
        await using var bundle = await Bundle.OpenAsync(folder["judge"], registry);
        var battles = SyntheticBattles.Create(40, seed: 9);
        var judged = await bundle.Judge.JudgeAsync(battles);
        var swapped = await bundle.Judge.JudgeAsync([.. battles.Select(battle => battle.Swapped())]);
        Assert.All(judged.Zip(swapped), pair => Assert.Equal(pair.First.A, pair.Second.B, 12));
        Assert.NotEmpty(await bundle.Judge.Traits.Explainer!.ExplainAsync(battles[0]));

        File.Copy(Path.Combine(folder["judge"], "trees_tie.txt"), Path.Combine(folder["judge"], "trees.txt"));
        Assert.Contains(
            "other features or outcomes",
            Assert.Throws<InputException>(() => TreeModel.Read(folder["judge"], TreeStage.Of(new BoostingOptions()), 1, Schema)).Message,
            StringComparison.Ordinal);
    }

    // The mean over both orders of the scores behind the preferences.
    private static (double TowardsA, double TowardsTie) Odds(TreeModel trees, FeatureMatrix row, bool twoStage)
    {
        var swapped = new FeatureMatrix(1, row.Columns);
        Schema.Swap(row[0], swapped[0]);
        var (one, other) = (trees.Predict(row, 1)[0], trees.Predict(swapped, 1)[0].Swapped());
        double Tie(Preference p) => Math.Log(p.Tie) - (twoStage ? Math.Log(p.A + p.B) : (Math.Log(p.A) + Math.Log(p.B)) / 2);
        return ((Math.Log(one.A / one.B) + Math.Log(other.A / other.B)) / 2, (Tie(one) + Tie(other)) / 2);
    }

    private static (double TowardsA, double TowardsTie) Difference(
        (double TowardsA, double TowardsTie)[] one, (double TowardsA, double TowardsTie)[] other) =>
        (
            one.Sum(part => part.TowardsA) - other.Sum(part => part.TowardsA),
            one.Sum(part => part.TowardsTie) - other.Sum(part => part.TowardsTie));

    private static TreeModel Grow(BoostingOptions options, LabelledRows rows, int rounds) => new(
    [
        .. TreeStage.Of(options).Select(stage => (IReadOnlyList<Booster>)
        [
            .. Enumerable.Range(0, options.Members).Select(member =>
                new BoostingTrainer(options, stage.Objective, Schema.Names, seed: (ulong)member, threads: 2)
                    .Train(rows.InBothOrders(Schema), rounds)),
        ]),
    ]);

    // The side ahead mostly wins; a small gap is mostly a tie.
    private static LabelledRows Data(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var features = new FeatureMatrix(count, 2);
        var targets = new Preference[count];
        for (var i = 0; i < count; i++)
        {
            var x = (float)((2 * random.NextDouble()) - 1);
            (features[i][0], features[i][1]) = (x, Math.Abs(x));
            targets[i] = Math.Abs(x) < 0.3 ? new Preference(0.2, 0.2, 0.6)
                : x > 0 ? new Preference(0.7, 0.1, 0.2)
                : new Preference(0.1, 0.7, 0.2);
        }

        return new LabelledRows(features, targets, [.. Enumerable.Repeat(1.0, count)]);
    }
}
