using System.Text.Json.Nodes;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Judging;

/// <summary>Trains one judge by one recipe.</summary>
public interface IJudgeTrainer
{
    /// <summary>The recipe with every default filled in, as the bundle will hold it.</summary>
    JsonObject ResolvedOptions { get; }

    /// <summary>Whether battles can count differently (<see cref="TrainingJob.Weights"/>); others refuse weights.</summary>
    bool TakesWeights => false;

    /// <summary>Whether it learns from what other judges said (<see cref="LabelledBattles.Teachers"/>); others refuse teachers.</summary>
    internal bool TakesTeachers => false;

    /// <summary>Whether it can learn on several devices at once (<see cref="Placement.Device"/> names them); others refuse.</summary>
    internal bool SharesDevices => false;

    /// <summary>Trains on all battles of the job; with cross-validation on all folds but one in turn before.</summary>
    /// <exception cref="TiebreakException">Training failed: too little data, or no convergence.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default);
}
