using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Tests;

/// <summary>
/// LightGBM keeps the number of threads of the whole process in one variable. Without <see cref="LightGbmThreads"/> these calls end the
/// process with a segmentation fault, mostly within a second.
/// </summary>
public sealed class ThreadCountTests
{
    private const int Features = 150;
    private static readonly BoostingOptions Options = new() { MinRowsInLeaf = 10 };

    [Fact]
    public async Task Training_and_predicting_with_different_numbers_of_threads_at_once_harm_each_other_in_no_way()
    {
        var (small, large) = (SyntheticRows.Create(60, seed: 1, Features), SyntheticRows.Create(4000, seed: 2, Features));
        using var booster = Train(small, rounds: 20);
        using var alone = Train(large, rounds: 3);
        var (expected, trees) = (booster.ScoreRows(small.Features, 0, 1), alone.Format(0));

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var calls = Enumerable.Range(0, 8).Select(worker => Task.Factory.StartNew(
            () =>
            {
                do
                {
                    if (worker < 6)
                    {
                        Assert.Equal(expected, booster.ScoreRows(small.Features, 0, threads: worker % 2 == 0 ? 1 : 8));
                    }
                    else
                    {
                        using var trained = Train(large, rounds: 3);
                        Assert.Equal(trees, trained.Format(0));
                    }
                }
                while (!stop.IsCancellationRequested);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(calls);
    }

    private static Booster Train(LabelledRows rows, int rounds) =>
        new BoostingTrainer(Options, new SoftmaxObjective(), [.. Enumerable.Range(0, Features).Select(k => $"x{k}")], seed: 0, threads: 1)
            .Train(rows, rounds);
}
