namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// A multinomial logistic model over the frozen states a and b of both sides of a battle. With s = Ahead · (a - b) and t = Gap · |a - b| +
/// Middle · (a + b) / 2 + Tie, the preference is the softmax of s / 2, -s / 2 and t: exchanging the sides exchanges A and B and nothing
/// else. It is Davidson's tie model (1970) whose strengths and ties are linear in the states.
/// </summary>
/// <param name="Ahead">[hidden]: weights of the difference.</param>
/// <param name="Gap">[hidden]: weights of its absolute value.</param>
/// <param name="Middle">[hidden]: weights of the mean of both states.</param>
/// <param name="Tie">What a tie weighs where all else is 0.</param>
/// <param name="Penalty">
/// The L2 penalty that they were fitted with: λ in Σ loss + λ/2 Σ w², over features with standard deviation 1.
/// </param>
internal sealed record ProbeWeights(
    IReadOnlyList<double> Ahead, IReadOnlyList<double> Gap, IReadOnlyList<double> Middle, double Tie, double Penalty)
{
    /// <summary>None, before anything is fitted.</summary>
    public static ProbeWeights None { get; } = new([], [], [], 0, 0);
}
