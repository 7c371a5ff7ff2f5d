using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.Trees;

/// <summary>Trees grown without each fold in turn.</summary>
/// <param name="OutOfFold">What trees say about each battle that have not seen its fold, averaged over both orders.</param>
/// <param name="Rounds">The number of rounds of each stage that is best for all folds together.</param>
internal sealed record TreeFolds(Preference[] OutOfFold, IReadOnlyList<int> Rounds)
{
    /// <summary>
    /// Grows them. All folds use the number of rounds that is best for their mean: choosing it per fold would let every fold pick its luckiest round
    /// and report a loss that new rows do not have.
    /// </summary>
    /// <param name="options">How trees are grown.</param>
    /// <param name="job">The battles and their folds.</param>
    /// <param name="features">Their features.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="stage">What the progress calls this.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public static TreeFolds Grow(BoostingOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, string stage, CancellationToken cancellationToken)
    {
        var rows = new LabelledRows(features, job.Battles.Targets, job.Weights);
        var growing = TreeStage.Of(options).Select(_ => new Stage(job.FoldCount)).ToArray();
        try
        {
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                int[] validation = [.. job.Inside(fold).Where(i => job.IsTarget[i])];
                var training = rows.Rearranged(job.Outside(fold)).InBothOrders(schema);
                var stopping = rows.Rearranged(validation).InBothOrders(schema);
                foreach (var (k, part) in TreeStage.Of(options).Index())
                {
                    for (var member = 0; member < options.Members; member++)
                    {
                        var (booster, losses) = new BoostingTrainer(options, part.Objective, schema.Names, SeedOf(job, member), job.Threads)
                            .Train(training, stopping, cancellationToken);
                        growing[k].Add(fold, booster, losses);
                    }
                }

                job.Progress?.Report(new JobProgress(stage, fold + 1, job.FoldCount));
            }

            int[] rounds = [.. growing.Select(part => part.BestRounds())];
            var outOfFold = new Preference[features.Rows];
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var inside = job.Inside(fold);
                var preferences = new TreeModel([.. growing.Select(part => part.OfFold(fold))], rounds)
                    .PredictBothOrders(features.Rearranged(inside), schema, job.Threads);
                for (var k = 0; k < inside.Length; k++)
                    outOfFold[inside[k]] = preferences[k];
            }

            return new TreeFolds(outOfFold, rounds);
        }
        finally
        {
            foreach (var part in growing)
                part.Dispose();
        }
    }

    /// <summary>Grows the trees of the final judge on all battles, as many rounds as were best for the folds.</summary>
    public TreeModel GrowFinal(BoostingOptions options, TrainingJob job, FeatureMatrix features, FeatureSchema schema, CancellationToken cancellationToken)
    {
        var rows = new LabelledRows(features, job.Battles.Targets, job.Weights).InBothOrders(schema);
        return new TreeModel(
        [
            .. TreeStage.Of(options).Select((stage, k) => (IReadOnlyList<Booster>)
            [
                .. Enumerable.Range(0, options.Members).Select(member =>
                    new BoostingTrainer(options, stage.Objective, schema.Names, SeedOf(job, member), job.Threads).Train(rows, Rounds[k], cancellationToken)),
            ]),
        ]);
    }

    private static ulong SeedOf(TrainingJob job, int member) => job.Seed + (1_000_003UL * (ulong)member);

    /// <summary>What one stage has grown until now.</summary>
    private sealed class Stage(int folds) : IDisposable
    {
        private readonly List<Booster>[] _boosters = [.. Enumerable.Range(0, folds).Select(_ => new List<Booster>())];
        private readonly List<IReadOnlyList<double>> _losses = [];

        public void Add(int fold, Booster booster, IReadOnlyList<double> losses)
        {
            _boosters[fold].Add(booster);
            _losses.Add(losses);
        }

        public IReadOnlyList<Booster> OfFold(int fold) => _boosters[fold];

        public int BestRounds()
        {
            var common = _losses.Min(curve => curve.Count);
            return 1 + Enumerable.Range(0, common).MinBy(round => _losses.Sum(curve => curve[round]));
        }

        public void Dispose()
        {
            foreach (var booster in _boosters.SelectMany(boosters => boosters))
                booster.Dispose();
        }
    }
}
