namespace Tiebreak.Core.Judging;

/// <summary>Where a long job stands.</summary>
/// <param name="Stage">What it is doing, as a person would say it: "training fold 2 of 5".</param>
/// <param name="Done">Units done in this stage.</param>
/// <param name="Total">Units of this stage.</param>
public readonly record struct JobProgress(string Stage, long Done, long Total);
