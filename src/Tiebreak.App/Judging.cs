using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;

namespace Tiebreak.App;

/// <summary>Asks judges, with progress.</summary>
internal static class Judging
{
    public static Task<Preference[]> RunAsync(
        JobContext context, IJudge judge, IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        judge.JudgeAsync(battles, ProgressOf(context, battles), cancellationToken);

    /// <summary>Asks the judge of a bundle as its swap policy says, without its calibration.</summary>
    public static Task<Preference[]> RunUncalibratedAsync(
        JobContext context, Bundle bundle, IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        RunAsync(context, Bundle.Assemble(bundle.OneOrder, bundle.Manifest.Swap, calibration: []), battles, cancellationToken);

    /// <summary>Asks the judge of a bundle once in each order; its answer follows from the two.</summary>
    public static Task<JudgedOrders> RunInBothOrdersAsync(
        JobContext context, Bundle bundle, IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        RunInBothOrdersAsync(context, bundle, bundle.OneOrder, battles, cancellationToken);

    /// <summary>The same through a decorator of the bundle's judge of one order.</summary>
    public static async Task<JudgedOrders> RunInBothOrdersAsync(
        JobContext context, Bundle bundle, IJudge oneOrder, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var request = new JudgeRequest { Battles = battles, Orders = Orders.Both, Progress = ProgressOf(context, battles) };
        var outcomes = await oneOrder.JudgeAsync(request, cancellationToken).ConfigureAwait(false);
        var (steps, isAveraged) = (bundle.Manifest.CalibrationSteps, bundle.Manifest.Swap is SwapPolicy.Always);
        var judged = new JudgedOrders(
            new Preference[outcomes.Length], new Preference[outcomes.Length], new Preference[outcomes.Length],
            Array.ConvertAll(outcomes, outcome => outcome.NeitherAcceptable),
            Array.ConvertAll(outcomes, outcome => outcome.AbstainedBy));
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i].Failure?.Throw();
            judged.AsGiven[i] = Calibrator.Apply(steps, outcomes[i].First!.Value, battles[i]);
            judged.Exchanged[i] = Calibrator.Apply(steps, outcomes[i].Second!.Value.Swapped(), battles[i].Swapped());
            judged.Answers[i] = isAveraged ? Calibrator.Apply(steps, outcomes[i].Preference, battles[i]) : judged.AsGiven[i];
        }

        return judged;
    }

    private static StageProgress ProgressOf(JobContext context, IReadOnlyList<Battle> battles) =>
        new(context.Progress, "judging", battles.Count);
}

/// <summary>What the judge of a bundle says in each order, calibrated.</summary>
/// <param name="Answers">The judge's answers, averaged or not as the bundle says.</param>
/// <param name="AsGiven">Preferences of the battles as they are.</param>
/// <param name="Exchanged">Preferences of the swapped battles, not exchanged back.</param>
/// <param name="NeitherAcceptable">How likely neither response is acceptable; null where the judge does not estimate it.</param>
/// <param name="AbstainedBy">Why an ensemble's members would leave a battle to a person; null where they would not.</param>
internal sealed record JudgedOrders(
    Preference[] Answers, Preference[] AsGiven, Preference[] Exchanged, double?[] NeitherAcceptable, string?[] AbstainedBy);
