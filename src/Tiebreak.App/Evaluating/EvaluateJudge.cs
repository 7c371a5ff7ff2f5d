using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
        var preferences = await Judging.RunAsync(context, bundle.Judge, set.Battles, cancellationToken);
        var flips = await FlipsAsync(context, bundle.WithSwap(SwapPolicy.Never), set.Battles, cancellationToken);
        var evaluation = DetailedEvaluation.Create(
            preferences, new LabelledBattles(set.Battles),
            [.. seen.Slicing is { } slicing ? [slicing] : Array.Empty<Slicing>(), .. Slices.Cut(set.Battles, context, cancellationToken)],
            context.Seed);
        return new EvaluationDocument(Judge, evaluation, flips, set.Problems)
        {
            ShownFirst = [SeenShare.SlicingName, .. Slices.ShownFirst],
            Remarks = seen.Remarks,
        };
    }

    private static async Task<FlipRate> FlipsAsync(
        JobContext context, IJudge oneOrder, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        if (oneOrder.Traits.IsSymmetric)
            return new FlipRate(0, 0, 0);

        var original = await Judging.RunAsync(context, oneOrder, battles, cancellationToken);
        Battle[] exchanged = [.. battles.Select(battle => battle.Swapped())];
        return FlipRate.Of(original, await Judging.RunAsync(context, oneOrder, exchanged, cancellationToken));
    }
}
