using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>Trees grown without each fold in turn.</summary>
/// <param name="OutOfFold">What trees say about each battle that have not seen its fold, averaged over both orders.</param>
/// <param name="Rounds">The number of rounds that is best for all folds together.</param>
internal sealed record TreeFolds(Preference[] OutOfFold, int Rounds)
{
    /// <summary>
    /// Grows them. All folds use the number of rounds that is best for their mean: choosing it per fold would let every fold pick its luckiest round
    /// and report a loss that new rows do not have.
    /// </summary>
    public static TreeFolds Grow(BoostingOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, string stage, CancellationToken cancellationToken)
    {
        var rows = new LabelledRows(features, job.Battles.Targets, job.Weights);
        var trainer = new BoostingTrainer(options, schema.Names, job.Seed, job.Threads);
        var boosters = new Booster[job.FoldCount];
        var losses = new IReadOnlyList<double>[job.FoldCount];
        try
        {
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                int[] validation = [.. job.Inside(fold).Where(i => job.IsTarget[i])];
                (boosters[fold], losses[fold]) = trainer.Train(
                    rows.Rearranged(job.Outside(fold)).InBothOrders(schema), rows.Rearranged(validation).InBothOrders(schema), cancellationToken);
                job.Progress?.Report(new JobProgress(stage, fold + 1, job.FoldCount));
            }

            var common = losses.Min(curve => curve.Count);
            var rounds = 1 + Enumerable.Range(0, common).MinBy(round => losses.Sum(curve => curve[round]));
            var outOfFold = new Preference[features.Rows];
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var inside = job.Inside(fold);
                var preferences = FeatureJudge.PredictBothOrders(boosters[fold], features.Rearranged(inside), schema, rounds, job.Threads);
                for (var k = 0; k < inside.Length; k++)
                    outOfFold[inside[k]] = preferences[k];
            }

            return new TreeFolds(outOfFold, rounds);
        }
        finally
        {
            foreach (var booster in boosters)
                booster?.Dispose();
        }
    }

    /// <summary>The mean log loss on the battles of the kind that the judge is for.</summary>
    public double Loss(TrainingJob job) =>
        Enumerable.Range(0, OutOfFold.Length).Where(i => job.IsTarget[i]).Average(i => LogLoss.Of(OutOfFold[i], job.Battles.Targets[i]));
}
