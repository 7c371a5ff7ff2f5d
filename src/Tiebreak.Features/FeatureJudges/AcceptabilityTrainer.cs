using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Linear;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// Learns how likely people find neither response acceptable, where enough of them said "both bad". It is the linear model over the counted
/// features once more, asked another question: "tie" means both bad, and whatever else people said is half A and half B. So nothing that
/// changes its sign with A and B has a weight, and the answer is the same in both orders.
/// </summary>
internal static class AcceptabilityTrainer
{
    /// <summary>The file of the model in a bundle.</summary>
    public const string FileName = "neither.tsv";

    /// <summary>Of the target's battles, the fewest that people called both bad, and the fewest that they did not.</summary>
    public const int FewestOfEach = 50;

    // Strong enough for the fewest labels; the calibration makes good what it takes from the scores.
    private static readonly LinearOptions Options = new() { L2 = 50 };

    /// <summary>Learns from the target's battles that have a verdict; null where too few were called both bad.</summary>
    /// <param name="job">The battles, with folds and weights.</param>
    /// <param name="counted">Their counted features.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static TrainedAcceptability? Train(
        TrainingJob job, FeatureMatrix counted, FeatureSchema schema, CancellationToken cancellationToken)
    {
        int[] rows = [.. Enumerable.Range(0, job.Battles.Count).Where(i => job.IsTarget[i] && job.Battles.Battles[i].Verdict is not null)];
        bool[] isBothBad = [.. rows.Select(i => job.Battles.Battles[i].Verdict is Verdict.BothBad)];
        var bothBad = isBothBad.Count(label => label);
        if (bothBad < FewestOfEach || rows.Length - bothBad < FewestOfEach || schema.Columns.Count == 0)
            return null;

        double[] weights = [.. rows.Select(i => job.Weights[i])];
        var asked = job.Only(rows, weights) with
        {
            Battles = new LabelledBattles([.. rows.Select((i, k) => Question(job.Battles.Battles[i], isBothBad[k]))]) { Weights = weights },
            Progress = null,
        };
        var models = LinearModelFolds.Fit(Options, asked, counted.Rearranged(rows), schema, cancellationToken);
        var scaling = VectorScaling.Fit(models.OutOfFold, asked.Battles.Targets, asked.Battles.Weights);
        var calibrated = new Calibrator(CalibrationMethod.Vector).CrossFit(
            models.OutOfFold, asked.Battles, asked.Folds, asked.FoldCount, job.Threads);
        return new TrainedAcceptability(
            models.Model.WithTieScaled(scaling.Tie, scaling.TieBias),
            AcceptabilityResult.Of(
                [.. calibrated.Select(preference => preference.Tie)], isBothBad, job.Battles.Only(rows).Groups, job.Seed, job.Threads));
    }

    private static Battle Question(Battle battle, bool isBothBad) => battle with
    {
        Verdict = null,
        SoftLabel = isBothBad ? Preference.Certain(Outcome.Tie) : new Preference(0.5, 0.5, 0),
    };
}

/// <summary>A model of whether either response is acceptable.</summary>
/// <param name="Model">The calibrated model: its probability of a tie is that of "both bad".</param>
/// <param name="OutOfFold">How well it does out of fold, each fold calibrated by the others.</param>
internal sealed record TrainedAcceptability(LinearModel Model, AcceptabilityResult OutOfFold);
