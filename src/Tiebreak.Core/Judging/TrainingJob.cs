using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Training;

namespace Tiebreak.Core.Judging;

/// <summary>What a trainer works on.</summary>
public sealed record TrainingJob
{
    /// <summary>The battles to learn from, with their targets and prompt groups.</summary>
    public required LabelledBattles Battles { get; init; }

    /// <summary>
    /// The fold of each battle; battles about one prompt share a fold. With cross-validation <see cref="TrainedJudge.OutOfFold"/> is
    /// owed for them; where battles are held out they only serve kinds that learn by folds themselves.
    /// </summary>
    public required IReadOnlyList<int> Folds { get; init; }

    /// <summary>How many folds there are.</summary>
    public required int FoldCount { get; init; }

    /// <summary>How much each battle counts, above 0. Default: as the battles say (<see cref="LabelledBattles.Weights"/>).</summary>
    public IReadOnlyList<double> Weights { get => field ??= Battles.Weights; init; }

    /// <summary>Whether a battle is of the kind that the judge is for: only these decide when to stop. Default: all are.</summary>
    public IReadOnlyList<bool> IsTarget { get => field ??= [.. Enumerable.Repeat(true, Battles.Count)]; init; }

    /// <summary>
    /// Labelled battles of the target to follow the training by, and never to learn from; null with cross-validation. They are about
    /// other prompts than <see cref="Battles"/>.
    /// </summary>
    public LabelledBattles? HeldOut { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to train, with how many threads. Default: the CPU with all cores.</summary>
    public Placement Placement { get; init; } = new();

    /// <summary>Threads to use.</summary>
    public int Threads => Placement.Threads;

    /// <summary>Receives what the training is doing.</summary>
    public IProgress<JobProgress>? Progress { get; init; }

    /// <summary>Receives what has happened.</summary>
    public IProgress<TrainingEvent>? Log { get; init; }

    /// <summary>Where a trainer keeps what it has finished; null: nothing is kept.</summary>
    public TrainingWork? Work { get; init; }

    /// <summary>The same work on some of the battles, with other weights.</summary>
    /// <param name="rows">The battles that stay.</param>
    /// <param name="weights">How much each of them counts, above 0.</param>
    public TrainingJob Only(IReadOnlyList<int> rows, IReadOnlyList<double> weights) => this with
    {
        Battles = Battles.Only(rows),
        Folds = [.. rows.Select(i => Folds[i])],
        IsTarget = [.. rows.Select(i => IsTarget[i])],
        Weights = weights,
    };

    /// <summary>The rows of a fold.</summary>
    public int[] Inside(int fold) => [.. Enumerable.Range(0, Folds.Count).Where(i => Folds[i] == fold)];

    /// <summary>The rows of all other folds.</summary>
    public int[] Outside(int fold) => [.. Enumerable.Range(0, Folds.Count).Where(i => Folds[i] != fold)];
}
