using Tiebreak.Core.Judging;
using Tiebreak.Features.LightGbm;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Fits a linear model on everything and without each fold.</summary>
/// <param name="name">The group's name.</param>
/// <param name="stage">What it does, for the progress.</param>
/// <param name="l2">Penalty; see <see cref="PairLinearTrainer"/>.</param>
/// <param name="maxSteps">Most steps of the optimiser.</param>
/// <param name="vectorise">Makes the vectoriser and the vectors of the battles, without looking at their verdicts.</param>
internal sealed class LinearGroupTrainer(
    string name, string stage, double l2, int maxSteps,
    Func<TrainingJob, (IBattleVectoriser Vectoriser, IReadOnlyList<BattleVectors> Vectors)> vectorise) : ILearnedGroupTrainer
{
    public (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken)
    {
        var (vectoriser, vectors) = vectorise(job);
        var models = LinearFolds.Fit(new PairLinearTrainer(vectoriser.Terms.Count, l2, maxSteps), job, vectors, stage, cancellationToken);
        var outOfFold = new FeatureMatrix(vectors.Count, LinearGroup.ColumnsOf(name).Length);
        for (var i = 0; i < vectors.Count; i++)
            LinearGroup.Fill(models.OfFold[job.Folds[i]], vectors[i], outOfFold[i]);
        return (new LinearGroup(name, vectoriser, models.OfEverything), outOfFold);
    }
}
