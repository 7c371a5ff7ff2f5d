namespace Tiebreak.Boosting.FeatureJudges;

/// <summary>How the weights of sources other than the target are found.</summary>
public sealed record SourceOptions
{
    /// <summary>Whether they are found at all; otherwise every battle counts the same, whatever its source.</summary>
    public bool Weigh { get; init; } = true;

    /// <summary>The weights to try besides 0; a battle of the target counts 1.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [0.05, 0.2, 0.5, 1];

    /// <summary>By how many of its standard errors a gain must exceed 0, or the source is dropped.</summary>
    public double StandardErrors { get; init; } = 1;
}
