using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.Tests;

public sealed class BoosterTests
{
    private static readonly BoostingOptions Options = new() { Rounds = 200, Patience = 20, MinRowsInLeaf = 10 };

    [Fact]
    public void Trees_learn_soft_labels()
    {
        // The label is a probability that depends on the first feature alone: hard labels are never seen.
        var validation = SyntheticRows.Create(500, seed: 2);
        using var booster = Train(SyntheticRows.Create(1500, seed: 1), rounds: 150);
        var entropy = validation.Targets.Average(target => LogLoss.Of(target, target));
        Assert.Equal(entropy, LogLoss.PerRow(Predict(booster, validation.Features, 1), validation.Targets).Average(), 0.01);
        var (high, low) = (new FeatureMatrix(1, 2), new FeatureMatrix(1, 2));
        (high[0][0], low[0][0]) = (0.9f, 0.1f);
        Assert.Equal(0.7, Predict(booster, high, 1)[0].A, 0.05);
        Assert.Equal(0.7, Predict(booster, low, 1)[0].B, 0.05);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var rows = SyntheticRows.Create(12_000, seed: 1); // enough for two threads to be used
        using var one = Train(rows, rounds: 30, threads: 1);
        using var two = Train(rows, rounds: 30, threads: 2);
        Assert.Equal(Predict(one, rows.Features, 1), Predict(two, rows.Features, 2));
    }

    [Fact]
    public void Rows_that_cannot_be_split_give_one_round_of_trees_that_say_nothing()
    {
        using var booster = Train(SyntheticRows.Create(Options.MinRowsInLeaf, seed: 1), rounds: 30);
        Assert.All(
            Predict(booster, SyntheticRows.Create(20, seed: 2).Features, 1), preference => Assert.Equal(Preference.Uniform, preference));
    }

    [Fact]
    public void The_text_format_keeps_every_prediction()
    {
        var rows = SyntheticRows.Create(500, seed: 1);
        using var booster = Train(rows, rounds: 20);
        using var read = Booster.Parse(booster.Format(20), "test");
        Assert.Equal(Predict(booster, rows.Features, 2), Predict(read, rows.Features, 2));
        Assert.Equal(2, read.Features);
    }

    [Fact]
    public void Contributions_add_up_to_the_scores()
    {
        var rows = SyntheticRows.Create(500, seed: 1);
        using var booster = Train(rows, rounds: 20);
        var (contributions, preferences) = (booster.Contributions(rows.Features, 2), Predict(booster, rows.Features, 2));
        for (var i = 0; i < rows.Features.Rows; i++)
        {
            var scores = Enumerable.Range(0, 3)
                .Select(k => Enumerable.Range(0, 3).Sum(f => contributions[(((i * 3) + k) * 3) + f]))
                .ToArray();
            Assert.Equal(preferences[i].A, Preference.FromScores(scores[0], scores[1], scores[2]).A, 9);
        }
    }

    [Fact]
    public void A_row_of_weight_two_counts_as_two_rows()
    {
        // Nothing is drawn at random, and few different values leave one way only to cut them into bins.
        var options = Options with { RowFraction = 1, FeatureFraction = 1, MinRowsInLeaf = 1, L2 = 0 };
        var rows = SyntheticRows.Create(200, seed: 1);
        foreach (ref var value in rows.Features.Values.AsSpan())
            value = MathF.Round(value, 1);
        var twice = rows.Rearranged([.. Enumerable.Range(0, 200), .. Enumerable.Range(0, 200)]);
        var heavy = rows with { Weights = [.. Enumerable.Repeat(2.0, 200)] };
        using var one = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 0, threads: 1).Train(twice, rounds: 5);
        using var other = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 0, threads: 1).Train(heavy, rounds: 5);
        Assert.All(
            Predict(one, rows.Features, 1).Zip(Predict(other, rows.Features, 1)), pair => Assert.Equal(pair.First.A, pair.Second.A, 5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a model")]
    [InlineData("tree\nversion=v4\nnum_class=3\n")]
    public void What_is_not_a_model_is_refused_by_name(string text) =>
        Assert.Contains(
            "trees.txt", Assert.Throws<InputException>(() => Booster.Parse(text, "trees.txt")).Message, StringComparison.Ordinal);

    private static Preference[] Predict(Booster booster, FeatureMatrix features, int threads) =>
        new TreeModel([[booster]]).Predict(features, threads);

    private static Booster Train(LabelledRows rows, int rounds, int threads = 2) =>
        new BoostingTrainer(Options, new SoftmaxObjective(), ["x", "noise"], seed: 4, threads).Train(rows, rounds);
}
