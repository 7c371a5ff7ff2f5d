using Tiebreak.Core.Battles;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Each alarm at its mistake, and none where all is well; <see cref="TunedJudgeTests"/> plants them in trainings.</summary>
public sealed class TuningAlarmTests
{
    [Fact]
    public void A_loss_at_the_class_shares()
    {
        Assert.Contains("stays at that of the class shares", TuningAlarms.OfLoss([(1.0, 1.09), (1.088, 1.09)]), StringComparison.Ordinal);
        Assert.Null(TuningAlarms.OfLoss([(1.2, 1.09), (1.1, 1.09), (1.1, 1.09), (1.05, 1.09)]));
    }

    [Fact]
    public void A_head_that_stays()
    {
        Assert.Contains("has not moved", TuningAlarms.OfHead(1e-9), StringComparison.Ordinal);
        Assert.Null(TuningAlarms.OfHead(1e-3));
        Assert.Null(TuningAlarms.OfHead(null));
    }

    [Fact]
    public void An_outcome_that_is_never_expected()
    {
        Preference[] labels = [.. Enumerable.Range(0, 60).Select(i => Preference.Certain((Outcome)(i % 3)))];
        Preference[] collapsed = [.. labels.Select(_ => new Preference(0.5, 0.45, 0.05))];
        Assert.Contains("never expects a tie", TuningAlarms.OfClasses(collapsed, labels), StringComparison.Ordinal);

        // Ties are seldom the most probable outcome of a good judge.
        Assert.Null(TuningAlarms.OfClasses([.. labels.Select(_ => new Preference(0.4, 0.35, 0.25))], labels));
        Assert.Null(TuningAlarms.OfClasses(collapsed[..40], labels[..40]));
    }

    [Fact]
    public void A_batch_larger_than_the_data()
    {
        var recipe = TuningRecipe.Read(new TransformerJudgeOptions { Tuning = new() { Method = "full", Epochs = 4 } })!;
        var schedule = new BatchSchedule([1, 2, 3, 4], [], recipe, seed: 1);
        Assert.Contains("there are 4 battles", TuningAlarms.OfBatch(5, schedule), StringComparison.Ordinal);
        Assert.Null(TuningAlarms.OfBatch(4, schedule));
    }
}
