using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Slices;

/// <summary>
/// How sharply some of the votes tell models apart: the factor by which the rating differences of all votes must be multiplied to fit these
/// best, logit = factor * (strength of A - strength of B). 1: as all votes do; 0: whoever is better on the whole wins no more often here.
/// A tie is half a win for each side.
/// </summary>
/// <param name="Factor">The factor with the largest likelihood.</param>
/// <param name="Error">Its standard error, from the curvature of the likelihood; the ratings are taken as known.</param>
internal sealed record Separation(double Factor, double Error)
{
    private const double Z = 1.959964;
    private const double Penalty = 0.01; // keeps the factor finite where the stronger model wins every vote
    private const int MostSteps = 100;

    /// <summary>The 95 % interval of the factor.</summary>
    public Interval Interval => new(Factor - (Z * Error), Factor + (Z * Error));

    /// <summary>Estimates the factor.</summary>
    /// <param name="votes">Of each vote the strength of A less that of B, and what A got: 1, 0.5 or 0.</param>
    /// <returns>The estimate; null where all votes are between models of equal strength.</returns>
    public static Separation? Of(IReadOnlyList<(double Difference, double Score)> votes)
    {
        if (votes.All(vote => vote.Difference == 0))
            return null;

        var (factor, curvature) = (1.0, 0.0);
        for (var step = 0; step < MostSteps; step++)
        {
            var slope = -Penalty * factor;
            curvature = Penalty;
            foreach (var (difference, score) in votes)
            {
                var p = 1 / (1 + Math.Exp(-factor * difference));
                slope += difference * (score - p);
                curvature += difference * difference * p * (1 - p);
            }

            // A whole step may lead too far where the curve is flat.
            var move = Math.Clamp(slope / curvature, -1, 1);
            factor += move;
            if (Math.Abs(move) < 1e-9)
                break;
        }

        return new Separation(factor, 1 / Math.Sqrt(curvature));
    }
}
