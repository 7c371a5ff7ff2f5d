using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;

namespace Tiebreak.App.Evaluating;

/// <summary>Asks a judge about labelled battles, in both orders, and compares what it says with what people voted.</summary>
public sealed record EvaluateJudge
{
    private const string NotMeasured =
        "The judge also says how likely neither response is acceptable. No battle here is labelled both bad, so that was not measured.";

    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none.</summary>
    public string? Numbers { get; init; }

    /// <summary>How to cut the battles.</summary>
    public SliceChoice Slices { get; init; } = new();

    /// <summary>Evaluates.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    public async Task<EvaluationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var bundle = await context.OpenAsync(Judge, cancellationToken).ConfigureAwait(false);
        await using var closing = bundle.ConfigureAwait(false);
        context = context.ReadingFor(bundle);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
        set = NumbersInput.Supply(context, bundle, set, Numbers, mayLack: false, cancellationToken);
        var seen = SeenShare.Of(context, bundle, set);
        var judged = await Judging.RunInBothOrdersAsync(context, bundle, set.Battles, cancellationToken).ConfigureAwait(false);
        var flips = bundle.OneOrder.Traits.IsSymmetric ? new FlipRate(0, 0, 0) : FlipRate.Of(judged.AsGiven, judged.Exchanged);
        var labelled = new LabelledBattles(set.Battles);
        var evaluation = DetailedEvaluation.Create(
            judged.Answers, labelled,
            [.. seen.Slicing is { } slicing ? [slicing] : Array.Empty<Slicing>(), .. Slices.Cut(set.Battles, context, cancellationToken)],
            context.Seed, context.Threads);
        var acceptability = AcceptabilityOf(labelled, judged.NeitherAcceptable, context);
        return new EvaluationDocument(Judge, evaluation, flips, set.Problems)
        {
            Acceptability = acceptability,
            ShownFirst = [SeenShare.SlicingName, .. Slices.ShownFirst],
            Remarks =
            [
                .. seen.Remarks,
                .. PromiseRemarks.Of(bundle.Manifest, judged.Answers, labelled.Targets),
                .. acceptability is null && bundle.OneOrder.Traits.EstimatesAcceptability ? [NotMeasured] : Array.Empty<string>(),
            ],
        };
    }

    /// <summary>Null where the judge does not estimate it, or nobody called a battle both bad.</summary>
    private static AcceptabilityResult? AcceptabilityOf(LabelledBattles labelled, double?[] estimates, JobContext context)
    {
        int[] rows =
            [.. Enumerable.Range(0, labelled.Count).Where(i => estimates[i] is not null && labelled.Battles[i].Verdict is not null)];
        bool[] isBothBad = [.. rows.Select(i => labelled.Battles[i].Verdict is Verdict.BothBad)];
        return isBothBad.Contains(true)
            ? AcceptabilityResult.Of(
                [.. rows.Select(i => estimates[i]!.Value)], isBothBad, labelled.Only(rows).Groups, context.Seed, context.Threads)
            : null;
    }
}
