using Tiebreak.Core.Metrics;

namespace Tiebreak.Data.Auditing;

/// <summary>How often one kind of side wins among battles that somebody won.</summary>
/// <param name="Share">Its share of wins; 0.5 means no effect.</param>
/// <param name="Interval">95 % interval; see <see cref="BinomialInterval"/>.</param>
/// <param name="Battles">Battles that somebody won.</param>
public sealed record ShareOfWins(double Share, Interval Interval, int Battles)
{
    internal static ShareOfWins Of(int wins, int battles)
    {
        var share = battles == 0 ? double.NaN : (double)wins / battles;
        return new ShareOfWins(share, BinomialInterval.Of(share, battles), battles);
    }
}
