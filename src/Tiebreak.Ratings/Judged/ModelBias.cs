using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Judged;

/// <summary>Whether a judge likes a model more than people do, on the battles that both judged.</summary>
/// <param name="Model">The model.</param>
/// <param name="Battles">Its battles that were voted on and judged.</param>
/// <param name="People">Its mean score by votes, a tie being half a win.</param>
/// <param name="Judge">Its mean score by the judge.</param>
/// <param name="Interval">The 95 % interval of the difference (Student's t over clusters).</param>
/// <param name="PValue">The probability of so large a difference by chance, corrected for the number of models (Holm 1979).</param>
public sealed record ModelBias(string Model, int Battles, double People, double Judge, Interval Interval, double PValue)
{
    /// <summary>Judge less people.</summary>
    public double Bias => Judge - People;
}
