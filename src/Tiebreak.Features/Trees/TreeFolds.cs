using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Trees;

/// <summary>Trees grown without each fold in turn.</summary>
/// <param name="OutOfFold">What trees say about each battle that have not seen its fold, averaged over both orders.</param>
/// <param name="Rounds">The number of rounds of each stage that is best for all folds together.</param>
internal sealed record TreeFolds(Preference[] OutOfFold, IReadOnlyList<int> Rounds)
{
    /// <summary>
    /// Grows them. All folds use the number of rounds that is best for their mean: choosing it per fold would let every fold pick its
    /// luckiest round and report a loss that new rows do not have.
    /// </summary>
    /// <param name="options">How trees are grown.</param>
    /// <param name="job">The battles and their folds.</param>
    /// <param name="features">Their features.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="stage">What the progress calls this.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public static TreeFolds Grow(
        BoostingOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, string stage,
        CancellationToken cancellationToken)
    {
        var sideBySide = Math.Min(job.Threads, job.FoldCount * options.Members);
        BoostingTrainer Trainer(TreeStage part, int member) =>
            new(options, part.Objective, schema.Names, SeedOf(job, member), job.Threads / sideBySide);

        var stages = TreeStage.Of(options);
        var rows = new (BinnedRows Training, BinnedRows Stopping)[job.FoldCount];
        var grown = new List<List<TreeGrowth>>();
        try
        {
            Parallel.For(0, job.FoldCount,
                new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken }, fold =>
                    rows[fold] = Bin(Trainer(stages[0], member: 0), job, features, schema, fold));

            var rounds = new List<int>();
            foreach (var (number, part) in stages.Index())
            {
                // All members of the first fold, all of the second, and so on.
                grown.Add([.. rows.SelectMany(fold =>
                    Enumerable.Range(0, options.Members).Select(member => Trainer(part, member).Start(fold.Training, fold.Stopping)))]);
                rounds.Add(SideBySide.Grow(grown[^1], options, sideBySide,
                    (done, total) => job.Progress?.Report(
                        new JobProgress(stages.Count == 1 ? stage : $"{stage}, {number + 1} of {stages.Count}", done, total)),
                    cancellationToken));
            }

            var outOfFold = new Preference[features.Rows];
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var inside = job.Inside(fold);
                var trees = new TreeModel([.. grown.Select(part =>
                    part.Skip(fold * options.Members).Take(options.Members).Select(growth => growth.Booster).ToList())], rounds);
                var preferences = trees.PredictBothOrders(features.Rearranged(inside), schema, job.Threads);
                for (var k = 0; k < inside.Length; k++)
                    outOfFold[inside[k]] = preferences[k];
            }

            return new TreeFolds(outOfFold, rounds);
        }
        finally
        {
            foreach (var booster in grown.SelectMany(part => part))
                booster.Booster.Dispose();
            foreach (var (training, stopping) in rows)
            {
                training?.Dispose();
                stopping?.Dispose();
            }
        }
    }

    /// <summary>Grows the trees of the final judge on all battles, as many rounds as were best for the folds.</summary>
    public TreeModel GrowFinal(
        BoostingOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, CancellationToken cancellationToken)
    {
        var rows = new LabelledRows(features, job.Battles.Targets, job.Weights).InBothOrders(schema);
        var (done, all) = (0, Rounds.Sum() * options.Members);
        return new TreeModel(
        [
            .. TreeStage.Of(options).Select((stage, k) => (IReadOnlyList<Booster>)
            [
                .. Enumerable.Range(0, options.Members).Select(member =>
                    new BoostingTrainer(options, stage.Objective, schema.Names, SeedOf(job, member), job.Threads)
                        .Train(
                            rows, Rounds[k], () => job.Progress?.Report(new JobProgress("growing the final trees", ++done, all)),
                            cancellationToken)),
            ]),
        ]);
    }

    /// <summary>The rows that a fold's trees learn from and those that stop them, in both orders.</summary>
    private static (BinnedRows Training, BinnedRows Stopping) Bin(
        BoostingTrainer trainer, TrainingJob job, FeatureMatrix features, FeatureSchema schema, int fold)
    {
        var rows = new LabelledRows(features, job.Battles.Targets, job.Weights);
        var training = trainer.Bin(rows.Rearranged(job.Outside(fold)).InBothOrders(schema));
        return (training, trainer.Bin(rows.Rearranged([.. job.Inside(fold).Where(i => job.IsTarget[i])]).InBothOrders(schema), training));
    }

    private static ulong SeedOf(TrainingJob job, int member) => job.Seed + (1_000_003UL * (ulong)member);
}
