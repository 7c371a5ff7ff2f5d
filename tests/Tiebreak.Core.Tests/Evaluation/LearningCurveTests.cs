using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Evaluation;

public sealed class LearningCurveTests
{
    private static readonly LabelledBattles Labelled = new(SyntheticBattles.Create(500));

    [Fact]
    public async Task Sizes_are_halved_down_to_fifty_and_the_last_is_compared_with_itself()
    {
        var points = await Curve().MeasureAsync(Labelled);
        Assert.Equal([50, 100, 200, 400], points.Select(point => point.Rows));
        Assert.Equal(0, points[^1].Difference, 12);
        Assert.All(points, point => Assert.InRange(point.LogLoss, point.LogLossInterval.Lower, point.LogLossInterval.Upper));

        // Class shares that were counted on few rows are further from the truth.
        Assert.True(points[0].LogLoss > points[^1].LogLoss);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_curve_and_training_never_meets_what_is_held_out()
    {
        var trainer = new SpyingTrainer(new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])));
        var curve = Curve() with { Trainer = trainer, Rows = [100, 60], Repetitions = 2 };
        Assert.Equal(await curve.MeasureAsync(Labelled), await curve.MeasureAsync(Labelled));

        Assert.Equal(8, trainer.Samples.Count);
        Assert.Equal([60, 100, 60, 100], trainer.Samples.Take(4).Select(sample => sample.Count));
        Assert.All(trainer.Samples[0], id => Assert.Contains(id, trainer.Samples[1]));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(49)]
    public async Task Impossible_sizes_are_refused(int rows) =>
        Assert.Contains(
            $"{rows} rows",
            (await Assert.ThrowsAsync<InputException>(() => (Curve() with { Rows = [rows] }).MeasureAsync(Labelled))).Message,
            StringComparison.Ordinal);

    private static LearningCurve Curve() => new()
    {
        Trainer = new PriorJudgeFormat().CreateTrainer(new Recipe("priors", [])),
        Placement = new() { Threads = 2 },
    };

    private sealed class SpyingTrainer(IJudgeTrainer inner) : IJudgeTrainer
    {
        public List<HashSet<string>> Samples { get; } = [];

        public System.Text.Json.Nodes.JsonObject ResolvedOptions => inner.ResolvedOptions;

        public async Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            var ids = job.Battles.Battles.Select(battle => battle.Id).ToHashSet(StringComparer.Ordinal);
            Samples.Add(ids);
            var trained = await inner.TrainAsync(job, cancellationToken);
            return trained with { Judge = new Guard(trained.Judge, ids) };
        }
    }

    /// <summary>Refuses battles that its judge was trained on, and labels.</summary>
    private sealed class Guard(IJudge inner, HashSet<string> seen) : IJudge
    {
        public JudgeTraits Traits => inner.Traits;

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
        {
            Assert.DoesNotContain(request.Battles, battle => seen.Contains(battle.Id) || battle.Target is not null);
            return inner.JudgeAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
