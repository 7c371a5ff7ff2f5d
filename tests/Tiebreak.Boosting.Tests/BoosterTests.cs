using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Boosting.Tests;

public sealed class BoosterTests
{
    private static readonly BoostingOptions Options = new() { Rounds = 200, Patience = 20, MinRowsInLeaf = 10 };

    [Fact]
    public void Trees_learn_soft_labels()
    {
        // The label is a probability that depends on the first feature alone: hard labels are never seen.
        var (features, targets) = Data(1500, seed: 1);
        var (validation, validationTargets) = Data(500, seed: 2);
        var (booster, losses) = new BoostingTrainer(Options, ["x", "noise"], seed: 0, threads: 2).Train(features, targets, validation, validationTargets);

        using (booster)
        {
            var entropy = validationTargets.Average(target => LogLoss.Of(target, target));
            Assert.Equal(entropy, losses.Min(), 0.01);
            var (high, low) = (new FeatureMatrix(1, 2), new FeatureMatrix(1, 2));
            (high[0][0], low[0][0]) = (0.9f, 0.1f);
            Assert.Equal(0.7, booster.Predict(high, 0, 1)[0].A, 0.05);
            Assert.Equal(0.7, booster.Predict(low, 0, 1)[0].B, 0.05);
        }
    }

    [Fact]
    public void Training_stops_when_the_validation_loss_no_longer_falls()
    {
        var (features, targets) = Data(300, seed: 1);
        var (validation, _) = Data(100, seed: 2);
        Preference[] unlearnable = [.. Enumerable.Repeat(Preference.Uniform, 100)];
        var (booster, losses) = new BoostingTrainer(Options, ["x", "noise"], seed: 0, threads: 2).Train(features, targets, validation, unlearnable);
        booster.Dispose();

        Assert.Equal(Options.Patience + 1, losses.Count);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var (features, targets) = Data(1500, seed: 1);
        using var one = new BoostingTrainer(Options, ["x", "noise"], seed: 4, threads: 1).Train(features, targets, rounds: 30);
        using var two = new BoostingTrainer(Options, ["x", "noise"], seed: 4, threads: 2).Train(features, targets, rounds: 30);
        Assert.Equal(one.Predict(features, 0, 1), two.Predict(features, 0, 2));
    }

    [Fact]
    public void The_text_format_keeps_every_prediction()
    {
        var (features, targets) = Data(500, seed: 1);
        using var booster = new BoostingTrainer(Options, ["x", "noise"], seed: 0, threads: 2).Train(features, targets, rounds: 20);
        using var read = Booster.Parse(booster.Format(20), "test");
        Assert.Equal(booster.Predict(features, 0, 2), read.Predict(features, 0, 2));
        Assert.Equal(2, read.Features);
    }

    [Fact]
    public void Contributions_add_up_to_the_scores()
    {
        var (features, targets) = Data(500, seed: 1);
        using var booster = new BoostingTrainer(Options, ["x", "noise"], seed: 0, threads: 2).Train(features, targets, rounds: 20);
        var (contributions, preferences) = (booster.Contributions(features, 2), booster.Predict(features, 0, 2));
        for (var i = 0; i < features.Rows; i++)
        {
            var scores = Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 3).Sum(f => contributions[(((i * 3) + k) * 3) + f])).ToArray();
            Assert.Equal(preferences[i].A, Preference.FromScores(scores[0], scores[1], scores[2]).A, 9);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a model")]
    [InlineData("tree\nversion=v4\nnum_class=3\n")]
    public void What_is_not_a_model_is_refused_by_name(string text) =>
        Assert.Contains("trees.txt", Assert.Throws<InputException>(() => Booster.Parse(text, "trees.txt")).Message, StringComparison.Ordinal);

    private static (FeatureMatrix Features, Preference[] Targets) Data(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var features = new FeatureMatrix(rows, 2);
        var targets = new Preference[rows];
        for (var i = 0; i < rows; i++)
        {
            features[i][0] = (float)random.NextDouble();
            features[i][1] = (float)random.NextDouble();
            targets[i] = features[i][0] > 0.5 ? new Preference(0.7, 0.1, 0.2) : new Preference(0.1, 0.7, 0.2);
        }

        return (features, targets);
    }
}
