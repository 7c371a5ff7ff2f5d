using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Data;

namespace Tiebreak.App.Validating;

/// <summary>Asks a judge about labelled battles, in both orders and some of them again, and says what it can be used for.</summary>
public sealed record ValidateJudge
{
    // Enough to see a judge that does not repeat itself; asking again about everything would cost as much as the validation.
    private const int MostAskedAgain = 200;

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>What the judge must reach.</summary>
    public IReadOnlyList<MeasureRequirement> Requirements { get; init; } = [];

    /// <summary>Validates.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    public async Task<ValidationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: false, cancellationToken);
        var seen = SeenShare.Of(context, bundle, set);
        return await OfAsync(context, bundle, bundle.OneOrder, Judge, set.Battles, seen, Requirements, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Validates a judge that is open on battles that have been read.</summary>
    /// <param name="context">Threads and progress.</param>
    /// <param name="bundle">The judge.</param>
    /// <param name="oneOrder">The judge of one order of the bundle, or a decorator of it.</param>
    /// <param name="subject">What the judge is called.</param>
    /// <param name="battles">The labelled battles.</param>
    /// <param name="seen">Which of them it was trained on.</param>
    /// <param name="requirements">What it must reach.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal static async Task<ValidationDocument> OfAsync(
        JobContext context, Bundle bundle, IJudge oneOrder, string subject, IReadOnlyList<Battle> battles, SeenShare seen,
        IReadOnlyList<MeasureRequirement> requirements, CancellationToken cancellationToken)
    {
        var judged = await Judging.RunInBothOrdersAsync(context, bundle, oneOrder, battles, cancellationToken).ConfigureAwait(false);
        Battle[] asked = [.. battles.Take(MostAskedAgain)];
        var again = await Judging.RunAsync(context, bundle.Around(oneOrder, bundle.Manifest.Swap), asked, cancellationToken)
            .ConfigureAwait(false);
        var targets = new LabelledBattles(battles).Targets;
        var answers = new JudgeAnswers
        {
            Battles = battles,
            Answers = judged.Answers,
            IsSymmetric = bundle.OneOrder.Traits.IsSymmetric,
            Orders = [.. battles.Select((_, i) => (i, judged.AsGiven[i], judged.Exchanged[i]))],
            Retest = [.. again.Select((preference, i) => (i, judged.Answers[i], preference))],
            Abstention = PromiseRemarks.Abstention(bundle.Manifest, judged.Answers, targets),
            Remarks =
            [
                .. seen.Remarks,
                .. PromiseRemarks.Of(bundle.Manifest, judged.Answers, targets),
                .. bundle.Manifest.Swap is SwapPolicy.Always
                    ? ["The judge's answers are means over both orders of A and B; flips and position are those of single orders."]
                    : Array.Empty<string>(),
            ],
        };
        return await Task.Run(
            () => ValidationDocument.Create(subject, answers, requirements, context, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }
}
