namespace Tiebreak.Boosting.States;

/// <summary>How pooled states become features.</summary>
public sealed record StateOptions
{
    /// <summary>Principal components that are kept.</summary>
    public int Components { get; init; } = 32;

    /// <summary>
    /// L2 penalty of the linear model over the components, scaled to standard deviation 1; see <see cref="TermVectors.PairLinearTrainer"/>.
    /// </summary>
    public double L2 { get; init; } = 100;
}
