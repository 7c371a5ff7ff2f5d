using Tiebreak.Core.Judging;
using Tiebreak.Features.LearnedGroups;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.States;

/// <summary>
/// Finds the components of the states of all battles, then fits linear models over them on everything and without each fold.
/// </summary>
/// <param name="options">Sizes and penalty.</param>
internal sealed class StateTrainer(StateOptions options) : ILearnedGroupTrainer
{
    private const int MaxSteps = 200;

    public (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken)
    {
        job.Progress?.Report(new JobProgress("finding components of states", 0, 1));
        var vectoriser = StateVectoriser.Fit(job.Battles.Battles, options, job.Seed, job.Threads);
        job.Progress?.Report(new JobProgress("finding components of states", 1, 1));

        var vectors = new BattleVectors[job.Battles.Count];
        Parallel.For(0, vectors.Length, new ParallelOptions { MaxDegreeOfParallelism = job.Threads, CancellationToken = cancellationToken },
            i => vectors[i] = vectoriser.Vectorise(job.Battles.Battles[i]));

        var models = LinearFolds.Fit(
            new PairLinearTrainer(vectoriser.Terms.Count, options.L2, MaxSteps, isDense: true), job, vectors,
            "weighing states", cancellationToken);
        var outOfFold = new FeatureMatrix(vectors.Length, StateGroup.AllColumns.Length);
        for (var i = 0; i < vectors.Length; i++)
            StateGroup.Fill(models.OfFold[job.Folds[i]], vectors[i], outOfFold[i]);
        return (new StateGroup(vectoriser, models.OfEverything), outOfFold);
    }
}
