using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Judging;

/// <summary>What a trainer works on.</summary>
public sealed record TrainingJob
{
    /// <summary>The battles to learn from, with their targets and prompt groups.</summary>
    public required LabelledBattles Battles { get; init; }

    /// <summary>The fold of each battle for cross-validation; battles about one prompt share a fold.</summary>
    public required IReadOnlyList<int> Folds { get; init; }

    /// <summary>How many folds there are.</summary>
    public required int FoldCount { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Receives what the training is doing.</summary>
    public IProgress<JobProgress>? Progress { get; init; }
}
