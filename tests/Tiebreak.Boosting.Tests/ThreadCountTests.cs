using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Boosting.Tests;

/// <summary>
/// LightGBM keeps the number of threads of the whole process in one variable. Without <see cref="LightGbmThreads"/> this test ends the process
/// with a segmentation fault within seconds.
/// </summary>
public sealed class ThreadCountTests
{
    [Fact]
    public async Task Training_and_predicting_with_different_numbers_of_threads_at_once_harm_each_other_in_no_way()
    {
        var options = new BoostingOptions { MinRowsInLeaf = 10 };
        var (small, large) = (Data(500, seed: 1), Data(11_000, seed: 2));
        using var booster = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 0, threads: 1).Train(small, rounds: 50);
        var expected = booster.ScoreRows(small.Features, 0, 1);
        using var alone = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 0, threads: 2).Train(large, rounds: 20);
        var trees = alone.Format(20);

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var predictions = Enumerable.Range(0, 6).Select(worker => Task.Run(() =>
        {
            do
            {
                Assert.Equal(expected, booster.ScoreRows(small.Features, 0, 1 + (worker % 3)));
                booster.Contributions(small.Features, 1 + (worker % 2));
            }
            while (!stop.IsCancellationRequested);
        }));
        var trainings = Enumerable.Range(0, 2).Select(worker => Task.Run(() =>
        {
            do
            {
                using var trained = new BoostingTrainer(options, new SoftmaxObjective(), ["x", "noise"], seed: 0, threads: 1 + worker).Train(large, rounds: 20);
                Assert.Equal(trees, trained.Format(20));
            }
            while (!stop.IsCancellationRequested);
        }));
        await Task.WhenAll([.. predictions, .. trainings]);
    }

    private static LabelledRows Data(int rows, ulong seed)
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

        return new LabelledRows(features, targets, [.. Enumerable.Repeat(1.0, rows)]);
    }
}
