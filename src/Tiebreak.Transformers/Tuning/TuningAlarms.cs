using System.Globalization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// Looks for trainings that ended and learned nothing. Each alarm is a sentence with what to look for; a healthy training raises none.
/// </summary>
internal static class TuningAlarms
{
    private const int LastPart = 4; // of the steps that are looked at: a quarter
    private const double LeastGain = 0.005; // nats
    private const double LeastMovement = 1e-5; // of the head's length
    private const double RareShare = 0.1;
    private const double FarTooRarely = 1.0 / 3;
    private const int FewestBattles = 50;

    /// <summary>A step that has fewer different battles than the recipe asks for.</summary>
    /// <param name="batchSize">Examples of a step.</param>
    /// <param name="schedule">The training.</param>
    public static string? OfBatch(int batchSize, BatchSchedule schedule) => schedule.Rows.Count >= batchSize ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"A step is to learn from {batchSize} examples, but there are {schedule.Rows.Count} battles: the effective batch is smaller than "
        + $"the recipe's tuning.batch_size. Set it to {schedule.Rows.Count} or less, or give more battles.");

    /// <summary>A training whose loss stays where it is without looking at the texts.</summary>
    /// <param name="steps">The log loss of each step, and that of the class shares on the same battles; none: nothing was trained.</param>
    public static string? OfLoss(IReadOnlyList<(double LogLoss, double SharesLoss)> steps)
    {
        if (steps.Count == 0)
            return null;
        var last = steps.Skip(steps.Count - ((steps.Count + LastPart - 1) / LastPart)).ToArray();
        var (loss, shares) = (last.Average(step => step.LogLoss), last.Average(step => step.SharesLoss));
        return shares - loss >= LeastGain ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The loss stays at that of the class shares: {loss:F4} in the last quarter of the steps, where the shares have {shares:F4}. ")
            + "The judge has learned nothing that counts; try another learning rate, more epochs or more battles.";
    }

    /// <summary>A head that is as it was when the training began.</summary>
    /// <param name="movement">How far it has moved, as a share of its length; null: none was trained.</param>
    public static string? OfHead(double? movement) => movement is not < LeastMovement ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"The head has not moved in the training (by {movement:G2} of its length): its learning rate is too small, or nothing reaches it.");

    /// <summary>An outcome that the judge never expects.</summary>
    /// <param name="said">Preferences for battles that were not learned from.</param>
    /// <param name="labels">What people said.</param>
    public static string? OfClasses(IReadOnlyList<Preference> said, IReadOnlyList<Preference> labels)
    {
        if (said.Count < FewestBattles)
            return null;
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var (mean, share) = (said.Average(preference => preference[outcome]), labels.Average(label => label[outcome]));
            if (share >= RareShare && mean < FarTooRarely * share && said.All(preference => preference.Top != outcome))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"The judge never expects {NameOf(outcome)}: it gives it {mean:P1} on average and never the most, where people said so "
                    + $"in {share:P1} of the battles. ")
                    + "Look whether the labels were read as they were meant, or lower the learning rate.";
            }
        }

        return null;
    }

    private static string NameOf(Outcome outcome) => outcome is Outcome.Tie ? "a tie" : $"a win of {outcome}";
}
