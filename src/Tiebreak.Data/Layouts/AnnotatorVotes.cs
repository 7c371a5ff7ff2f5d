using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Layouts;

/// <summary>The votes of several people on one battle.</summary>
internal static class AnnotatorVotes
{
    /// <summary>
    /// The battle with the votes: each in <see cref="Battle.Annotators"/>, the shares of several as its soft label, and as its verdict
    /// the one that it has, or else what most said.
    /// </summary>
    public static Battle WithVotes(this Battle battle, IReadOnlyList<Verdict> votes) => votes.Count == 0
        ? battle
        : battle with
        {
            Verdict = battle.Verdict ?? Plurality(votes),
            SoftLabel = votes.Count == 1 ? null : Shares(votes),
            Annotators = [.. votes.Select(VerdictText.Format)],
        };

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
