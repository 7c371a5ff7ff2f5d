using Tiebreak.Core.Battles;
using Tiebreak.Data.Topics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.App.Topics;

/// <summary>How sharply the votes on each topic tell models apart; see <see cref="Separation"/>.</summary>
internal static class TopicSeparations
{
    // A weak prior on strengths: models that won or lost every vote have ratings too.
    private const double StrengthPenalty = 0.5;

    /// <summary>The separation of each topic; null where its votes say nothing of models.</summary>
    public static Separation?[] Of(IReadOnlyList<Battle> battles, TopicReport report)
    {
        var strengths = Strengths(battles);
        var votes = battles.Zip(report.Battles)
            .Where(pair => pair is { Second: not null, First.Verdict: not null }
                && strengths.ContainsKey(pair.First.ModelA ?? "") && strengths.ContainsKey(pair.First.ModelB ?? ""))
            .ToLookup(
                pair => pair.Second!.Value.Topic,
                pair => (
                    strengths[pair.First.ModelA!] - strengths[pair.First.ModelB!], ScoreOfA(pair.First.Verdict!.Value.ToOutcome())));
        return [.. report.Topics.Select((_, topic) => Separation.Of([.. votes[topic]]))];
    }

    private static double ScoreOfA(Outcome outcome) => outcome switch
    {
        Outcome.A => 1,
        Outcome.B => 0,
        _ => 0.5,
    };

    /// <summary>The strengths of models by all votes; empty where there are none between two models.</summary>
    private static Dictionary<string, double> Strengths(IReadOnlyList<Battle> battles)
    {
        Vote[] votes =
        [
            .. battles.Where(battle => battle is { ModelA: not null, ModelB: not null, Verdict: not null }
                    && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal))
                .Select(battle => new Vote(battle.ModelA!, battle.ModelB!, battle.Verdict!.Value)),
        ];
        if (votes.Length == 0)
            return [];
        var set = VoteSet.Of(votes);
        var fit = RatingFit.Of(VoteCounts.Of(set), RatingModel.BradleyTerry, StrengthPenalty);
        return set.Models.Zip(fit.Strengths).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }
}
