using Tiebreak.Core.Randomness;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.Tests;

/// <summary>A row of weight 3 does to a model what three rows of weight 1 do.</summary>
public sealed class WeightedRowsTests
{
    private static readonly LabelledRows Weighted = Rows(400);
    private static readonly int[] Copied =
        [.. Enumerable.Range(0, 400).SelectMany(i => Enumerable.Repeat(i, (int)Weighted.Weights[i]))];

    [Fact]
    public void Of_a_linear_model()
    {
        var trainer = new LinearTrainer(new LinearOptions { L2 = 5 }, differences: 1);
        var weighted = trainer.Fit(
            Weighted.Features, Weighted.Targets, [.. Weighted.Weights.Select((weight, i) => (i, weight))]);
        var copied = trainer.Fit(Weighted.Features, Weighted.Targets, [.. Copied.Select(i => (i, 1.0))]);
        Assert.All(weighted.Values.ToArray().Zip(copied.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 0.002));
    }

    [Fact]
    public void Of_trees()
    {
        // Whole rows and all features for each tree: what is drawn at random would be drawn otherwise from other rows.
        var options = new BoostingOptions { MinRowsInLeaf = 1, RowFraction = 1, FeatureFraction = 1 };
        var trainer = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 1, threads: 1);
        using var weighted = trainer.Train(Weighted, rounds: 20);
        using var copied = trainer.Train(Weighted.Rearranged(Copied) with { Weights = [.. Copied.Select(_ => 1.0)] }, rounds: 20);
        var (one, other) = (new TreeModel([[weighted]]), new TreeModel([[copied]]));
        Assert.All(
            one.Predict(Weighted.Features, threads: 1).Zip(other.Predict(Weighted.Features, threads: 1)),
            pair => Assert.Equal(pair.First.A, pair.Second.A, 1e-5));
    }

    // Features of few values, so that bins do not depend on how often a row is there.
    private static LabelledRows Rows(int count)
    {
        var random = new SeededRandom(3);
        var rows = SyntheticRows.Create(count, seed: 5);
        var features = new FeatureMatrix(count, 2);
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < 2; k++)
                features[i][k] = MathF.Round(rows.Features[i][k] * 10) / 10;
            weights[i] = 1 + random.Next(4);
        }

        return new LabelledRows(features, rows.Targets, weights);
    }
}
