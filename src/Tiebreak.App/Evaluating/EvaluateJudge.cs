using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;

namespace Tiebreak.App.Evaluating;

/// <summary>Asks a judge about labelled battles, in both orders, and compares what it says with what people voted.</summary>
public sealed record EvaluateJudge
{
    /// <summary>Folder of the judge's bundle.</summary>
    public required string Judge { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>How to cut the battles.</summary>
    public SliceChoice Slices { get; init; } = new();

    /// <summary>Evaluates.</summary>
    /// <exception cref="InputException">The bundle or the data cannot be used.</exception>
    public async Task<EvaluationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var bundle = await context.OpenAsync(Judge, cancellationToken);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States);
        var seen = SeenShare.Of(context, bundle, set);
        var (preferences, flips) = await JudgeAsync(context, bundle, set.Battles, cancellationToken);
        var evaluation = DetailedEvaluation.Create(
            preferences, new LabelledBattles(set.Battles),
            [.. seen.Slicing is { } slicing ? [slicing] : Array.Empty<Slicing>(), .. Slices.Cut(set.Battles, context, cancellationToken)],
            context.Seed, context.Threads);
        return new EvaluationDocument(Judge, evaluation, flips, set.Problems)
        {
            ShownFirst = [SeenShare.SlicingName, .. Slices.ShownFirst],
            Remarks = seen.Remarks,
        };
    }

    // Each battle is judged once in each order; the judge's answer and its flips both come from that.
    private static async Task<(Preference[] Answers, FlipRate Flips)> JudgeAsync(
        JobContext context, Bundle bundle, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        if (bundle.OneOrder.Traits.IsSymmetric)
            return (await Judging.RunAsync(context, bundle.Judge, battles, cancellationToken), new FlipRate(0, 0, 0));

        var request = new JudgeRequest
        {
            Battles = battles,
            Orders = Orders.Both,
            Progress = new StageProgress(context.Progress, "judging", battles.Count),
        };
        var outcomes = await bundle.OneOrder.JudgeAsync(request, cancellationToken);
        var (answers, original, exchanged) =
            (new Preference[outcomes.Length], new Preference[outcomes.Length], new Preference[outcomes.Length]);
        var (steps, isAveraged) = (bundle.Manifest.CalibrationSteps, bundle.Manifest.Swap is SwapPolicy.Always);
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i].Failure?.Throw();
            original[i] = Calibrator.Apply(steps, outcomes[i].First!.Value, battles[i]);
            exchanged[i] = Calibrator.Apply(steps, outcomes[i].Second!.Value.Swapped(), battles[i].Swapped());
            answers[i] = isAveraged ? Calibrator.Apply(steps, outcomes[i].Preference, battles[i]) : original[i];
        }

        return (answers, FlipRate.Of(original, exchanged));
    }
}
