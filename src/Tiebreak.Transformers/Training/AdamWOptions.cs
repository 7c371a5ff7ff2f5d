namespace Tiebreak.Transformers.Training;

/// <summary>What <see cref="AdamW"/> remembers of gradients.</summary>
internal sealed record AdamWOptions
{
    /// <summary>What the mean of gradients keeps of its past in a step (beta 1).</summary>
    public double MeanDecay { get; init; } = 0.9;

    /// <summary>What the mean of squared gradients keeps of its past in a step (beta 2).</summary>
    public double SquareDecay { get; init; } = 0.999;

    /// <summary>Added to the divisor of a step.</summary>
    public double Epsilon { get; init; } = 1e-8;
}
