using Tiebreak.Core.Judging;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

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
        var rows = new PairLinearRows(vectors, job.Battles.Targets, job.Weights, job.Folds);
        var models = trainer.Fit(
            rows, [.. Enumerable.Range(0, job.FoldCount), -1], job.Threads, job.Progress, stage, cancellationToken);
        return new LinearFolds([.. models.Take(job.FoldCount)], models[^1]);
    }
}
