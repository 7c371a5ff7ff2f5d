using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core.Judging;

namespace Tiebreak.Boosting.LearnedGroups;

/// <summary>Linear models of a cross-validation.</summary>
/// <param name="OfFold">The model of each fold, fitted without it.</param>
/// <param name="OfEverything">The model fitted on all rows.</param>
internal sealed record LinearFolds(IReadOnlyList<PairLinearModel> OfFold, PairLinearModel OfEverything)
{
    /// <summary>Fits them.</summary>
    /// <param name="trainer">Penalty and sizes.</param>
    /// <param name="job">Targets, weights and folds.</param>
    /// <param name="vectors">One per battle.</param>
    /// <param name="stage">The name of this work, for the progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static LinearFolds Fit(
        PairLinearTrainer trainer, TrainingJob job, IReadOnlyList<BattleVectors> vectors, string stage, CancellationToken cancellationToken)
    {
        var models = new PairLinearModel[job.FoldCount];
        for (var fold = 0; fold < models.Length; fold++)
        {
            models[fold] = Fit(trainer, job, vectors, job.Outside(fold), cancellationToken);
            job.Progress?.Report(new JobProgress(stage, fold + 1, job.FoldCount + 1));
        }

        var everything = Fit(trainer, job, vectors, [.. Enumerable.Range(0, vectors.Count)], cancellationToken);
        job.Progress?.Report(new JobProgress(stage, job.FoldCount + 1, job.FoldCount + 1));
        return new LinearFolds(models, everything);
    }

    private static PairLinearModel Fit(
        PairLinearTrainer trainer, TrainingJob job, IReadOnlyList<BattleVectors> vectors, int[] rows, CancellationToken cancellationToken) =>
        trainer.Fit(
            [.. rows.Select(i => vectors[i])], [.. rows.Select(i => job.Battles.Targets[i])], [.. rows.Select(i => job.Weights[i])],
            job.Threads, cancellationToken);
}
