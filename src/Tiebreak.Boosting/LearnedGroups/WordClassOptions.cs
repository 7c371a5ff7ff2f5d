namespace Tiebreak.Boosting.LearnedGroups;

/// <summary>How the average class probability per word is learned.</summary>
public sealed record WordClassOptions
{
    /// <summary>Each word starts with so many battles of average outcome, so that rare words say little.</summary>
    public double Smoothing { get; init; } = 20;
}
