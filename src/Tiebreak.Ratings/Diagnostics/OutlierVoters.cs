using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>
/// Voters who vote as if at random or contrarily. The ratio between the probability of a voter's votes under random voting (one third each)
/// and under the ratings has mean 1 if the ratings hold, so that it exceeds voters/α anywhere with probability α at most (Ville 1939): no
/// approximation for voters with few votes. The Arena tests voters with such a product too (arXiv 2403.04132, section 5.3).
/// </summary>
public static class OutlierVoters
{
    /// <summary>Voters with fewer votes are not tested.</summary>
    public const int FewestVotes = 5;

    /// <summary>Finds them, the strongest evidence first.</summary>
    /// <param name="fit">The ratings.</param>
    /// <param name="votes">The votes behind them.</param>
    /// <param name="voters">Who cast each vote; empty where unknown.</param>
    /// <param name="alpha">The probability that an honest voter anywhere is named.</param>
    public static IReadOnlyList<OutlierVoter> Find(RatingFit fit, VoteSet votes, string[] voters, double alpha = 0.05)
    {
        var records = new Dictionary<string, (int Votes, int Decisive, int Agreed, int First, double Evidence)>(StringComparer.Ordinal);
        for (var i = 0; i < votes.Count; i++)
        {
            if (voters[i].Length == 0)
                continue;
            var (a, b, outcome) = (votes.ModelA[i], votes.ModelB[i], votes.Verdicts[i].ToOutcome());
            var p = fit.Predict(a, b).ToPreference();
            var better = fit.Strengths[a] >= fit.Strengths[b] ? Outcome.A : Outcome.B;
            var record = records.GetValueOrDefault(voters[i]);
            records[voters[i]] = (
                record.Votes + 1,
                record.Decisive + (outcome == Outcome.Tie ? 0 : 1),
                record.Agreed + (outcome == better ? 1 : 0),
                record.First + (outcome == Outcome.A ? 1 : 0),
                record.Evidence - Evidence(p, votes.Label(i)));
        }

        static double Evidence(Preference p, Preference label) =>
            (label.A * Math.Log(3 * p.A)) + (label.B * Math.Log(3 * p.B)) + (label.Tie == 0 ? 0 : label.Tie * Math.Log(3 * p.Tie));

        var tested = records.Where(record => record.Value.Votes >= FewestVotes).ToList();
        var enough = Math.Log(tested.Count / alpha);
        return [.. tested.Where(record => record.Value.Evidence > enough)
            .OrderByDescending(record => record.Value.Evidence).ThenBy(record => record.Key, StringComparer.Ordinal)
            .Select(record => new OutlierVoter(
                record.Key, record.Value.Votes, record.Value.Evidence,
                (double)record.Value.Agreed / Math.Max(1, record.Value.Decisive),
                (double)record.Value.First / Math.Max(1, record.Value.Decisive)))];
    }
}

/// <summary>A voter whose votes do not fit the ratings.</summary>
/// <param name="Voter">Who.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="LogEvidence">
/// How much better random voting explains the votes than the ratings do: the logarithm of the ratio of probabilities.
/// </param>
/// <param name="Agreement">The share of decisive votes for the model with the higher rating.</param>
/// <param name="ShareOfFirst">The share of decisive votes for side A; near 0 or 1, the voter may have looked at the side only.</param>
public sealed record OutlierVoter(string Voter, int Votes, double LogEvidence, double Agreement, double ShareOfFirst);
