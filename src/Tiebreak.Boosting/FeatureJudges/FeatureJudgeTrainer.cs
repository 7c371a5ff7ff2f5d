using System.Text.Json.Nodes;
using Tiebreak.Boosting.Features;
using Tiebreak.Boosting.LightGbm;
using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>
/// Trains a feature judge. The linear model's scores that the trees learn from are out-of-fold (a battle is scored by a model that has not seen
/// its fold), and the same folds stop the trees: one level of cross-validation, because nested ones do not fit small machines.
/// </summary>
internal sealed class FeatureJudgeTrainer(FeatureJudgeOptions options, JsonObject resolvedOptions) : IJudgeTrainer
{
    public JsonObject ResolvedOptions { get; } = resolvedOptions;

    public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
        Task.Run(() => Train(job, cancellationToken), cancellationToken);

    private TrainedJudge Train(TrainingJob job, CancellationToken cancellationToken)
    {
        var battles = job.Battles.Battles;
        var targets = job.Battles.Targets;
        var features = FeatureExtractor.Extract(battles, job.Threads, Stage(job, "computing features", battles.Count), cancellationToken);

        var report = Stage(job, "weighing words", job.FoldCount + 1);
        var vocabulary = TermVocabulary.Build(battles.SelectMany(Texts), options.Terms);
        var vectors = new BattleTerms[battles.Count];
        Parallel.For(0, vectors.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            i => vectors[i] = BattleTerms.Of(battles[i], vocabulary));
        var linearTrainer = new PairLinearTrainer(vocabulary, options.Terms);
        for (var fold = 0; fold < job.FoldCount; fold++)
        {
            var (inside, outside) = Divide(job, fold);
            var foldModel = linearTrainer.Fit(Pick(vectors, outside), Pick(targets, outside), job.Threads, cancellationToken);
            foreach (var i in inside)
                FeatureExtractor.SetTerms(features[i], foldModel.Score(vectors[i]));
            report.Report(fold + 1);
        }

        var linear = linearTrainer.Fit(vectors, targets, job.Threads, cancellationToken);
        report.Report(job.FoldCount + 1);

        var (outOfFold, rounds) = CrossValidate(job, features, cancellationToken);
        job.Progress?.Report(new JobProgress("growing the final trees", 0, 1));
        var (allRows, allTargets) = InBothOrders(features, targets, [.. Enumerable.Range(0, battles.Count)]);
        var trees = Trees(job).Train(allRows, allTargets, rounds, cancellationToken);
        job.Progress?.Report(new JobProgress("growing the final trees", 1, 1));

        return new TrainedJudge
        {
            Judge = new FeatureJudge(linear, trees, job.Threads),
            OutOfFold = outOfFold,
            SaveAsync = async folder =>
            {
                await File.WriteAllTextAsync(Path.Combine(folder, FeatureJudgeFormat.TreesFile), trees.Format(rounds));
                await PairLinearFile.WriteAsync(Path.Combine(folder, FeatureJudgeFormat.TermsFile), linear);
            },
            Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["lightgbm"] = LightGbmLibrary.Version },
        };
    }

    /// <summary>
    /// Trains trees without each fold in turn. All folds use the number of rounds that is best for their mean: choosing it per fold would let
    /// every fold pick its luckiest round and report a loss that new rows do not have.
    /// </summary>
    private (Preference[] OutOfFold, int Rounds) CrossValidate(TrainingJob job, FeatureMatrix features, CancellationToken cancellationToken)
    {
        var report = Stage(job, "growing trees on folds", job.FoldCount);
        var boosters = new Booster[job.FoldCount];
        var losses = new IReadOnlyList<double>[job.FoldCount];
        try
        {
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var (inside, outside) = Divide(job, fold);
                var (rows, rowTargets) = InBothOrders(features, job.Battles.Targets, outside);
                var (validation, validationTargets) = InBothOrders(features, job.Battles.Targets, inside);
                (boosters[fold], losses[fold]) = Trees(job).Train(rows, rowTargets, validation, validationTargets, cancellationToken);
                report.Report(fold + 1);
            }

            var common = losses.Min(curve => curve.Count);
            var rounds = 1 + Enumerable.Range(0, common).MinBy(round => losses.Sum(curve => curve[round]));
            var outOfFold = new Preference[features.Rows];
            for (var fold = 0; fold < job.FoldCount; fold++)
            {
                var (inside, _) = Divide(job, fold);
                var preferences = FeatureJudge.PredictBothOrders(boosters[fold], Pick(features, inside), rounds, job.Threads);
                for (var k = 0; k < inside.Length; k++)
                    outOfFold[inside[k]] = preferences[k];
            }

            return (outOfFold, rounds);
        }
        finally
        {
            foreach (var booster in boosters)
                booster?.Dispose();
        }
    }

    private BoostingTrainer Trees(TrainingJob job) => new(options.Boosting, FeatureExtractor.Names, job.Seed, job.Threads);

    private static IEnumerable<string?> Texts(Battle battle)
    {
        var (prompt, a, b) = BattleTerms.Join(battle);
        return [prompt, a, b];
    }

    private static (int[] Inside, int[] Outside) Divide(TrainingJob job, int fold) =>
        ([.. Enumerable.Range(0, job.Folds.Count).Where(i => job.Folds[i] == fold)],
         [.. Enumerable.Range(0, job.Folds.Count).Where(i => job.Folds[i] != fold)]);

    private static T[] Pick<T>(IReadOnlyList<T> items, int[] rows) => [.. rows.Select(i => items[i])];

    private static FeatureMatrix Pick(FeatureMatrix features, int[] rows)
    {
        var picked = new FeatureMatrix(rows.Length, features.Columns);
        for (var k = 0; k < rows.Length; k++)
            features[rows[k]].CopyTo(picked[k]);
        return picked;
    }

    /// <summary>Every row, then every row with A and B exchanged.</summary>
    private static (FeatureMatrix Rows, Preference[] Targets) InBothOrders(FeatureMatrix features, IReadOnlyList<Preference> targets, int[] rows)
    {
        var doubled = new FeatureMatrix(2 * rows.Length, features.Columns);
        var doubledTargets = new Preference[2 * rows.Length];
        for (var k = 0; k < rows.Length; k++)
        {
            features[rows[k]].CopyTo(doubled[k]);
            FeatureExtractor.Swap(features[rows[k]], doubled[rows.Length + k]);
            doubledTargets[k] = targets[rows[k]];
            doubledTargets[rows.Length + k] = targets[rows[k]].Swapped();
        }

        return (doubled, doubledTargets);
    }

    private static StageProgress Stage(TrainingJob job, string name, int total) => new(job.Progress, name, total);

    private sealed class StageProgress(IProgress<JobProgress>? progress, string name, int total) : IProgress<int>
    {
        public void Report(int value) => progress?.Report(new JobProgress(name, value, total));
    }
}
