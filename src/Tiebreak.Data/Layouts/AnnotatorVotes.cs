using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Layouts;

/// <summary>The votes of several people on one battle.</summary>
internal static class AnnotatorVotes
{
    /// <summary>
    /// The battle with the votes: each in <see cref="Battle.Annotators"/>, the shares of several as its soft label, and as its verdict
    /// the one that it has, or else what most said.
    /// </summary>
    /// <param name="battle">The battle.</param>
    /// <param name="votes">The votes.</param>
    /// <param name="annotators">Who cast each; null where the source does not say.</param>
    public static Battle WithVotes(this Battle battle, IReadOnlyList<AnnotatorVote> votes, IReadOnlyList<string>? annotators = null)
    {
        if (votes.Count == 0)
            return battle;

        Verdict[] verdicts = [.. votes.Select(vote => vote.Verdict)];
        return battle with
        {
            Verdict = battle.Verdict ?? Plurality(verdicts),
            SoftLabel = votes.Count == 1 ? null : Shares(verdicts),
            Annotators = [.. votes.Select(vote => vote.Format())],
            AnnotatorIds = annotators,
        };
    }

    /// <summary>What most said; a tie where two verdicts have equally many votes.</summary>
    public static Verdict Plurality(IReadOnlyList<Verdict> votes)
    {
        var counts = votes.CountBy(vote => vote).OrderByDescending(count => count.Value).ToList();
        return counts.Count > 1 && counts[0].Value == counts[1].Value ? Verdict.Tie : counts[0].Key;
    }

    private static Preference Shares(IReadOnlyList<Verdict> votes)
    {
        int Count(Outcome outcome) => votes.Count(vote => vote.ToOutcome() == outcome);
        return Preference.Normalised(Count(Outcome.A), Count(Outcome.B), Count(Outcome.Tie));
    }
}
