using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Training;
using Tiebreak.Features.Counted;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.Trees;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>
/// Trains a feature judge. The scores of learned groups that the trees learn from are out-of-fold (a battle is scored by a model that has
/// not seen its fold), and the same folds stop the trees: one level of cross-validation, because nested ones do not fit small machines.
/// </summary>
internal sealed class FeatureJudgeTrainer(FeatureJudgeOptions options, JsonObject resolvedOptions) : IJudgeTrainer
{
    public JsonObject ResolvedOptions { get; } = resolvedOptions;

    public bool TakesWeights => true;

    public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default) =>
        Task.Run(() => Train(job, cancellationToken), cancellationToken);

    private TrainedJudge Train(TrainingJob offered, CancellationToken cancellationToken)
    {
        var counted = FeatureGroups.Counted(options, offered.Battles.Battles);
        var report = new StageProgress(offered.Progress, "computing features", offered.Battles.Count);
        var matrix = counted.Extract(offered.Battles.Battles, offered.Threads, report, cancellationToken);
        var sources = SourceWeighting.Choose(options, offered, matrix, new FeatureSchema([.. counted.Columns]), cancellationToken);

        // What gets the weight 0 is as if it had never been offered: it shapes no vocabulary and no bin of the trees.
        double[] weights =
            [.. offered.Battles.Battles.Zip(offered.Weights, (battle, weight) => weight * sources[BattleSource.Of(battle)].Weight)];
        int[] kept = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0)];
        var job = offered.Only(kept, [.. kept.Select(i => weights[i])]);
        var (pipeline, features) = LearnFeatures(job, counted, matrix.Rearranged(kept), cancellationToken);
        var models = FoldModels.Learn(
            options, job, features, pipeline.Schema, pipeline.CountedColumns, "growing trees on folds", cancellationToken);

        job.Log?.Report(TrainingEvent.Now("folds finished", ("folds", job.FoldCount), ("loss", models.Loss(job))));
        var neither = AcceptabilityTrainer.Train(job, matrix.Rearranged(kept), new FeatureSchema([.. counted.Columns]), cancellationToken);
        var trees = models.Trees.GrowFinal(options.Boosting, job, features, pipeline.Schema, cancellationToken);

        Preference[] outOfFold = [.. Enumerable.Repeat(Preference.Uniform, offered.Battles.Count)];
        for (var k = 0; k < kept.Length; k++)
            outOfFold[kept[k]] = models.OutOfFold[k];

        return new TrainedJudge
        {
            Judge = new FeatureJudge(pipeline, trees, models.Linear?.Model, options.Linear.Share, neither?.Model, job.Threads),
            OutOfFold = outOfFold,
            SaveAsync = async folder =>
            {
                await trees.SaveAsync(folder, TreeStage.Of(options.Boosting)).ConfigureAwait(false);
                await pipeline.SaveAsync(folder).ConfigureAwait(false);
                if (models.Linear is { } linear)
                    await linear.Model.SaveAsync(folder).ConfigureAwait(false);
                if (neither is not null)
                    await neither.Model.SaveAsync(folder, AcceptabilityTrainer.FileName).ConfigureAwait(false);
            },
            Report = TrainingReport.Create(
                models, job, pipeline.Schema, trees.Importances(), [.. sources.Values], neither?.OutOfFold,
                options.Ablate
                    ? Ablation.Measure(options, job, features, pipeline.Schema, pipeline.CountedColumns, cancellationToken)
                    : []),
            Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["lightgbm"] = LightGbmLibrary.Version },
        };
    }

    private (FeaturePipeline Pipeline, FeatureMatrix OutOfFold) LearnFeatures(
        TrainingJob job, CountedFeatures counted, FeatureMatrix matrix, CancellationToken cancellationToken)
    {
        List<FeatureMatrix> matrices = [matrix];
        List<ILearnedGroup> learned = [];
        foreach (var trainer in FeatureGroups.Trainers(options))
        {
            var (group, outOfFold) = trainer.Train(job, cancellationToken);
            learned.Add(group);
            matrices.Add(outOfFold);
        }

        var (pipeline, features) = (new FeaturePipeline(counted, learned), FeatureMatrix.Joined(matrices));
        pipeline.FadeLearned(features);
        return (pipeline, features);
    }
}
