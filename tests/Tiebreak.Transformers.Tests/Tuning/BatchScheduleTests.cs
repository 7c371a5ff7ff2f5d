using CsCheck;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Every example has its turn, batches have the size of the recipe, and a step's batch follows from its number.</summary>
public sealed class BatchScheduleTests
{
    private static readonly int[] Target = [.. Enumerable.Range(0, 23)];
    private static readonly int[] Others = [.. Enumerable.Range(100, 11)];

    [Theory]
    [InlineData("as_given", 1)]
    [InlineData("coin", 1)]
    [InlineData("rows", 2)]
    [InlineData("together", 1)]
    public void Each_pass_shows_every_battle(string orders, int showings)
    {
        var schedule = Schedule(new TuningOptions { Orders = orders, Epochs = 3, BatchSize = 5 });
        var batches = Batches(schedule);
        Assert.Equal(((23 + 11) * showings * 3 + 4) / 5, schedule.Steps);
        Assert.All(batches[..^1], batch => Assert.Equal(5, batch.Sum(example => example.Share)));

        var shown = batches.SelectMany(batch => batch).ToArray();
        Assert.Equal([.. Target, .. Others], shown.Select(example => example.Battle).Distinct().Order());
        Assert.All(shown.GroupBy(example => example.Battle), group => Assert.Equal(3 * showings, group.Sum(example => example.Share)));
        var swapped = shown.Where(example => example.IsSwapped).Sum(example => example.Share) / shown.Sum(example => example.Share);
        Assert.InRange(swapped, orders is "as_given" ? 0 : 0.3, orders is "as_given" ? 0 : 0.7);
        if (orders is "rows")
            Assert.All(shown.Chunk(68), pass => Assert.Equal(68, pass.Distinct().Count()));
        if (orders is "together")
            Assert.All(shown.Chunk(2), pair => Assert.Equal(pair[0] with { IsSwapped = true }, pair[1]));
        int[] battles = [.. shown.Select(example => example.Battle)];
        Assert.NotEqual(battles[..23], battles[(34 * showings)..(34 * showings + 23)]);
    }

    [Fact]
    public void Other_sources_come_first_where_they_have_passes_of_their_own()
    {
        var schedule = Schedule(new TuningOptions { Orders = "as_given", Epochs = 2, OtherEpochs = 1, BatchSize = 4 });
        int[] shown = [.. Batches(schedule).SelectMany(batch => batch).Select(example => example.Battle)];
        Assert.Equal(Others, shown[..11].Order());
        Assert.Equal(Target, shown[11..34].Order());
        Assert.Equal(Target, shown[34..].Order());
        Assert.Equal(34, schedule.Rows.Count);

        var without = Schedule(new TuningOptions { Epochs = 1, OtherEpochs = 0 });
        Assert.Equal(Target, without.Rows);
        Assert.All(Batches(without).SelectMany(batch => batch), example => Assert.InRange(example.Battle, 0, 22));
    }

    [Fact]
    public void A_step_follows_from_its_number_alone() =>
        Gen.Select(Gen.Int[3, 40], Gen.Int[1, 9], Gen.Double[0.1, 3], Gen.ULong).Sample((battles, size, epochs, seed) =>
        {
            var options = new TuningOptions { BatchSize = size, Epochs = epochs };
            var (one, other) = (Of(), Of());
            var inOrder = Batches(one);
            for (var step = one.Steps - 1; step >= 0; step--)
                Assert.Equal(inOrder[step], other.Of(step));
            Assert.Equal((long)Math.Round(2 * battles * epochs), inOrder.Sum(batch => batch.Count));
            Assert.Equal(one.Steps, one.EvaluationSteps[^1]);
            Assert.Equal(one.EvaluationSteps, one.EvaluationSteps.Distinct().Order());

            BatchSchedule Of() => new([.. Enumerable.Range(0, battles)], [], Recipe(options), seed);
        }, iter: 200);

    private static BatchSchedule Schedule(TuningOptions options) => new(Target, Others, Recipe(options), seed: 7);

    private static IReadOnlyList<Example>[] Batches(BatchSchedule schedule) => [.. Enumerable.Range(0, schedule.Steps).Select(schedule.Of)];

    private static TuningRecipe Recipe(TuningOptions options) =>
        TuningRecipe.Read(new TransformerJudgeOptions { Tuning = options with { Method = "full" } })!;
}
