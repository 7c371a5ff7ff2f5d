namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>The few numbers between a model's outputs and a preference.</summary>
/// <param name="Scale">What scores or logits are multiplied by.</param>
/// <param name="Bias">Added to the scores of A, B and tie after that; zeros where a tie model makes the preference.</param>
/// <param name="TieParameter">The parameter of the tie model; null where a tie is one of the outputs.</param>
internal sealed record ReadingParameters(double Scale, IReadOnlyList<double> Bias, double? TieParameter)
{
    public static ReadingParameters Plain { get; } = new(1, [0, 0, 0], null);
}
