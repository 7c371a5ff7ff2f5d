using Tiebreak.Core.Battles;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.Tests;

public sealed class SideBySideTests
{
    private static readonly BoostingOptions Options = new() { Rounds = 200, Patience = 20, MinRowsInLeaf = 10 };

    [Fact]
    public void Growing_stops_when_the_mean_loss_no_longer_falls()
    {
        var (rounds, boosters, reports) = Grow(
            SyntheticRows.Create(300, seed: 1), Unlearnable(SyntheticRows.Create(100, seed: 2)), threads: 1);
        Assert.Equal(1, rounds);
        Assert.Equal(Options.Patience + 1, reports[^1].Done);
        Assert.Equal(reports[^1].Done, reports[^1].Total);
        Assert.All(boosters, booster => Assert.Equal(Options.Patience + 1, booster.Rounds));
    }

    [Fact]
    public void The_number_of_rounds_is_best_for_the_mean_and_not_for_each()
    {
        var (learnable, unlearnable) = (SyntheticRows.Create(100, seed: 2), Unlearnable(SyntheticRows.Create(100, seed: 2)));
        var (alone, _, _) = Grow(SyntheticRows.Create(300, seed: 1), learnable, threads: 2);
        var (together, _, _) = Grow(SyntheticRows.Create(300, seed: 1), learnable, threads: 2, unlearnable);
        Assert.InRange(together, 2, alone - 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void The_number_of_threads_changes_nothing(int threads)
    {
        var (rows, stopping) = (SyntheticRows.Create(300, seed: 1), SyntheticRows.Create(100, seed: 2));
        var (expected, one, _) = Grow(rows, stopping, threads: 1);
        var (rounds, several, reports) = Grow(rows, stopping, threads);
        Assert.Equal(expected, rounds);
        Assert.Equal(one.Select(growth => growth.Booster.Format(rounds)), several.Select(growth => growth.Booster.Format(rounds)));
        Assert.Equal(Enumerable.Range(1, reports.Count), reports.Select(report => report.Done));
    }

    [Fact]
    public void Rows_that_cannot_be_split_end_it_after_one_round()
    {
        var (rounds, _, _) = Grow(SyntheticRows.Create(Options.MinRowsInLeaf, seed: 1), SyntheticRows.Create(100, seed: 2), threads: 2);
        Assert.Equal(1, rounds);
    }

    [Fact]
    public void It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Grow(SyntheticRows.Create(300, seed: 1), SyntheticRows.Create(100, seed: 2), threads: 2, cancellationToken: stop.Token));
    }

    // Five boosters with different seeds; they share the rows, and the last one stops by others where there are others.
    private static (int Rounds, TreeGrowth[] Boosters, List<(int Done, int Total)> Reports) Grow(
        LabelledRows rows, LabelledRows stopping, int threads, LabelledRows? last = null, CancellationToken cancellationToken = default)
    {
        BoostingTrainer Trainer(int seed) => new(Options, new SoftmaxObjective(), ["x", "noise"], (ulong)seed, threads: 1);
        using var training = Trainer(0).Bin(rows);
        using var validation = Trainer(0).Bin(stopping, training);
        using var other = Trainer(0).Bin(last ?? stopping, training);
        TreeGrowth[] boosters = [.. Enumerable.Range(0, 5).Select(seed => Trainer(seed).Start(training, seed < 4 ? validation : other))];
        var reports = new List<(int Done, int Total)>();
        return (
            SideBySide.Grow(boosters, Options, threads, (done, total) => reports.Add((done, total)), cancellationToken), boosters, reports);
    }

    private static LabelledRows Unlearnable(LabelledRows rows) => rows with { Targets = [.. rows.Targets.Select(_ => Preference.Uniform)] };
}
