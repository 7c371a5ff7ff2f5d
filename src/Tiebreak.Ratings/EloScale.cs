namespace Tiebreak.Ratings;

/// <summary>
/// The scale of published ratings: base 10, 400 points for odds of ten to one, 1000 in the middle (Elo 1978; the Chatbot Arena's
/// leaderboard, arXiv 2403.04132). Strengths are natural logarithms of odds.
/// </summary>
internal static class EloScale
{
    /// <summary>Points for a strength of 1 (odds of e to one): 400 / ln 10 = 173.7178.</summary>
    public const double PointsPerNat = 173.71779276130073;

    /// <summary>The rating of a strength of 0.</summary>
    public const double Centre = 1000;

    /// <summary>The rating of a strength.</summary>
    public static double Rating(double strength) => Centre + (PointsPerNat * strength);

    /// <summary>The strength of a rating.</summary>
    public static double Strength(double rating) => (rating - Centre) / PointsPerNat;

    /// <summary>The share of points that the better side gets, a tie counting half.</summary>
    /// <param name="difference">Rating of the one minus rating of the other.</param>
    public static double ExpectedScore(double difference) => 1 / (1 + Math.Pow(10, -difference / 400));
}
