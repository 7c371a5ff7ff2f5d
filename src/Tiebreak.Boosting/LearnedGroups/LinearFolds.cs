using System.Runtime.ExceptionServices;
using Tiebreak.Boosting.TermVectors;
using Tiebreak.Core;
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
        // One fit for each fold and one for everything, side by side; what threads are left work inside the fits.
        var fits = job.FoldCount + 1;
        var atOnce = Math.Clamp(job.Threads, 1, fits);
        var models = new PairLinearModel[fits];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, fits, parallel, fit =>
            {
                int[] rows = fit < job.FoldCount ? job.Outside(fit) : [.. Enumerable.Range(0, vectors.Count)];
                models[fit] = trainer.Fit(
                    [.. rows.Select(i => vectors[i])], [.. rows.Select(i => job.Battles.Targets[i])], [.. rows.Select(i => job.Weights[i])],
                    Math.Max(1, job.Threads / atOnce), cancellationToken);
                job.Progress?.Report(new JobProgress(stage, Interlocked.Increment(ref done), fits));
            });
        }
        catch (AggregateException exception) when (exception.InnerException is TiebreakException inner)
        {
            ExceptionDispatchInfo.Throw(inner); // one sentence, not one per fit
        }

        return new LinearFolds(models[..job.FoldCount], models[^1]);
    }
}
