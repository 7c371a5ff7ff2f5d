using Tiebreak.Core.Judging;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>Learns one group of features.</summary>
internal interface ILearnedGroupTrainer
{

    /// <summary>Learns from all battles, and without each fold in turn.</summary>
    /// <param name="job">The battles, their folds and weights.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>
    /// The group as learned from everything, and its features of each battle by a model that has not seen the battle's fold. What is
    /// learned from texts alone, without verdicts, may come from all battles.
    /// </returns>
    (ILearnedGroup Group, FeatureMatrix OutOfFold) Train(TrainingJob job, CancellationToken cancellationToken);
}
