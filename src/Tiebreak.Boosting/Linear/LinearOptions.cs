namespace Tiebreak.Boosting.Linear;

/// <summary>The linear model over the counted features, which a feature judge blends with its trees and weighs sources by.</summary>
public sealed record LinearOptions
{
    /// <summary>Weight of the linear model in the judge's answer, beside the trees (geometric mean); 0 leaves it out.</summary>
    public double Share { get; init; } = 0.4;

    /// <summary>L2 penalty on the weights of features scaled to standard deviation 1, beside the sum of the log losses.</summary>
    public double L2 { get; init; } = 500;

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 200;
}
