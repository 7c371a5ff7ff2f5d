using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
        var judged = await Judging.RunInBothOrdersAsync(context, bundle, set.Battles, cancellationToken).ConfigureAwait(false);
        Battle[] asked = [.. set.Battles.Take(MostAskedAgain)];
        var again = await Judging.RunAsync(context, bundle.Judge, asked, cancellationToken).ConfigureAwait(false);
        var targets = new LabelledBattles(set.Battles).Targets;
        var answers = new JudgeAnswers
        {
            Battles = set.Battles,
            Answers = judged.Answers,
            IsSymmetric = bundle.OneOrder.Traits.IsSymmetric,
            Orders = [.. set.Battles.Select((_, i) => (i, judged.AsGiven[i], judged.Exchanged[i]))],
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
        return ValidationDocument.Create(Judge, answers, Requirements, context, cancellationToken);
    }
}
