using Tiebreak.Core.Metrics;

namespace Tiebreak.Data.Auditing;

/// <summary>How often one kind of side wins among battles that somebody won.</summary>
/// <param name="Share">Its share of wins; 0.5 means no effect.</param>
/// <param name="Interval">95 % interval (Wilson 1927).</param>
/// <param name="Battles">Battles that somebody won.</param>
public sealed record ShareOfWins(double Share, Interval Interval, int Battles)
{
    internal static ShareOfWins Of(int wins, int battles)
    {
        if (battles == 0)
            return new ShareOfWins(double.NaN, new Interval(double.NaN, double.NaN), 0);

        const double z = 1.959964;
        var (n, p) = ((double)battles, (double)wins / battles);
        var centre = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z / (1 + (z * z / n)) * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        return new ShareOfWins(p, new Interval(centre - half, centre + half), battles);
    }
}
