namespace Tiebreak.Boosting.LearnedGroups;

/// <summary>The linear model over the counted features.</summary>
public sealed record CountedLinearOptions
{
    /// <summary>L2 penalty on the weights of features scaled to standard deviation 1; see <see cref="TermVectors.PairLinearTrainer"/>.</summary>
    public double L2 { get; init; } = 100;

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 200;
}
