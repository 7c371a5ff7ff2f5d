namespace Tiebreak.Core.Battles;

/// <summary>
/// The probabilities that people prefer A, prefer B, or call it a tie. They are finite, not negative and sum to 1 within 1e-6.
/// </summary>
/// <param name="A">Probability that A wins.</param>
/// <param name="B">Probability that B wins.</param>
/// <param name="Tie">Probability of a tie (both bad included).</param>
public readonly record struct Preference(double A, double B, double Tie)
{
    /// <summary>How far the sum may be from 1.</summary>
    public const double SumTolerance = 1e-6;

    /// <summary>One third each: log loss ln 3 = 1.0986 on any data.</summary>
    public static Preference Uniform { get; } = new(1.0 / 3, 1.0 / 3, 1.0 / 3);

    /// <summary>The probability of an outcome.</summary>
    public double this[Outcome outcome] => outcome switch
    {
        Outcome.A => A,
        Outcome.B => B,
        _ => Tie,
    };

    /// <summary>The most probable outcome; on equal probabilities the first of A, B, tie.</summary>
    public Outcome Top => A >= B && A >= Tie ? Outcome.A : B >= Tie ? Outcome.B : Outcome.Tie;

    /// <summary>True if the probabilities are finite, not negative and sum to 1 within <see cref="SumTolerance"/>.</summary>
    public bool IsValid => A >= 0 && B >= 0 && Tie >= 0 && Math.Abs(A + B + Tie - 1) <= SumTolerance;

    /// <summary>The preference for the same battle with A and B exchanged.</summary>
    public Preference Swapped() => new(B, A, Tie);

    /// <summary>Certainty of one outcome: the target that a verdict gives.</summary>
    public static Preference Certain(Outcome outcome) => outcome switch
    {
        Outcome.A => new(1, 0, 0),
        Outcome.B => new(0, 1, 0),
        _ => new(0, 0, 1),
    };

    /// <summary>Scales three weights to sum 1.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are zero.</exception>
    public static Preference Normalised(double a, double b, double tie)
    {
        var sum = a + b + tie;
        if (!(a >= 0 && b >= 0 && tie >= 0 && sum > 0 && double.IsFinite(sum)))
        {
            throw new ArgumentException(
                $"Weights {a}, {b}, {tie} do not make a preference: they must be finite, not negative and not all zero.");
        }

        return new(a / sum, b / sum, tie / sum);
    }

    /// <summary>Softmax of three scores (natural logarithm scale).</summary>
    /// <exception cref="ArgumentException">A score is not finite.</exception>
    public static Preference FromScores(double a, double b, double tie)
    {
        var max = Math.Max(a, Math.Max(b, tie));
        return Normalised(Math.Exp(a - max), Math.Exp(b - max), Math.Exp(tie - max));
    }
}
