using Tiebreak.Core;

namespace Tiebreak.Ratings.Votes;

/// <summary>Gives older votes less weight, because models behind a name change and so do people's expectations.</summary>
public static class TimeDecay
{
    /// <summary>Multiplies the weight of every vote by one half for each half-life between it and the latest vote.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="timestamps">When each was cast; <see cref="DateTimeOffset.MinValue"/> means unknown.</param>
    /// <param name="halfLife">The age at which a vote counts half.</param>
    /// <exception cref="InputException">A vote has no time.</exception>
    public static VoteSet Apply(VoteSet votes, DateTimeOffset[]? timestamps, TimeSpan halfLife)
    {
        var unknown = timestamps is null ? votes.Count : timestamps.Count(time => time == DateTimeOffset.MinValue);
        if (unknown > 0)
        {
            throw new InputException(
                $"{unknown:N0} of {votes.Count:N0} votes have no time, which decay needs: give a column tstamp, or leave `half-life` out.")
            {
                Parameters = ["half-life"],
            };
        }

        var latest = timestamps!.Max();
        var weights = new double[votes.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (votes.Weights?[i] ?? 1) * Math.Pow(0.5, (latest - timestamps![i]) / halfLife);
        return votes.WithWeights(weights);
    }
}
