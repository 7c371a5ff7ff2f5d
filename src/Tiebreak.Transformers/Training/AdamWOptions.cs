namespace Tiebreak.Transformers.Training;

/// <summary>The rates of <see cref="AdamW"/>.</summary>
internal sealed record AdamWOptions
{
    /// <summary>The size of a step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What the mean of gradients keeps of its past in a step (beta 1).</summary>
    public double MeanDecay { get; init; } = 0.9;

    /// <summary>What the mean of squared gradients keeps of its past in a step (beta 2).</summary>
    public double SquareDecay { get; init; } = 0.999;

    /// <summary>Added to the divisor of a step.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The share of every parameter that is taken away in a step, in units of the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;
}
