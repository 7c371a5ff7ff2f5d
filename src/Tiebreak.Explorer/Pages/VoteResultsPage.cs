using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Ranking;
using Tiebreak.Explorer.Rendering;
using Tiebreak.Explorer.Voting;
using Tiebreak.Ratings.Votes;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Explorer.Pages;

/// <summary>What the votes say so far: agreement with the file and among voters, and the leaderboard.</summary>
/// <param name="file">The votes.</param>
/// <param name="index">The battles.</param>
/// <param name="threads">Threads to rate with.</param>
internal sealed class VoteResultsPage(VoteFile file, BattleIndex index, int threads)
{
    /// <summary>Answers <c>/vote/results</c>.</summary>
    public PageContent Answer(HttpContext context)
    {
        var votes = file.Votes;
        var table = Voters(votes);
        return new PageContent("Votes so far", () => votes.Count == 0 ? Nothing() : Html.Of($"""
            <p>{Quantity.Of(votes.Count, "vote")} in {file.Name}, which <code>tiebreak train</code>, <code>validate</code> and
            <code>rank</code> read. <a href="/vote">Go on voting</a></p>
            {DocumentBody.Of(table)}
            <p class="faint">Agreement with the file counts votes on battles that have a vote there, both bad as a tie; only battles drawn
            at random give an honest share. Agreement with the others counts pairs of votes on one battle.</p>
            {Board(votes)}
            """))
        {
            Table = table,
            Changes = true, // as long as somebody votes
            WriteJson = json =>
            {
                json.WriteStartObject();
                json.WriteNumber("votes", votes.Count);
                json.WriteStartArray("voters");
                foreach (var row in table.Rows)
                {
                    json.WriteStartObject();
                    foreach (var (column, cell) in table.Columns.Zip(row))
                        json.WriteString(column, cell);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            },
        };
    }

    private Html Nothing() => Html.Of($"""
        <p class="notice">Nobody has voted yet. <a href="/vote">Vote on a battle</a>: this page then shows how far voters agree with the
        file and with each other, and the leaderboard of their votes, which are kept in {file.Name}.</p>

        """);

    private TextTable Voters(IReadOnlyList<CastVote> votes)
    {
        var known = index.Verdicts([.. votes.Select(vote => vote.BattleId).Distinct(StringComparer.Ordinal)]);
        var byBattle = votes.ToLookup(vote => vote.BattleId, StringComparer.Ordinal);
        return new TextTable(
            "Voters", ["Voter", "Votes", "At random", "Agree with the file", "of them at random", "Agree with the others"],
            [.. votes.GroupBy(vote => vote.Voter, StringComparer.Ordinal).Select(own => (string[])
            [
                own.Key, NumberText.Count(own.Count()), NumberText.Count(own.Count(IsRandom)),
                Share(own.Select(vote => Agrees(vote, known.GetValueOrDefault(vote.BattleId)))),
                Share(own.Where(IsRandom).Select(vote => Agrees(vote, known.GetValueOrDefault(vote.BattleId)))),
                Share(own.SelectMany(vote => byBattle[vote.BattleId]
                    .Where(other => !string.Equals(other.Voter, vote.Voter, StringComparison.Ordinal))
                    .Select(other => Agrees(vote, other.Verdict)))),
            ])]);
    }

    private static bool IsRandom(CastVote vote) => vote.Origin is BallotOrigin.Random;

    private static bool? Agrees(CastVote vote, Verdict? other) =>
        other is { } verdict ? vote.Verdict.ToOutcome() == verdict.ToOutcome() : null;

    private static string Share(IEnumerable<bool?> agreements)
    {
        var counted = agreements.OfType<bool>().ToList();
        return counted.Count == 0
            ? "none"
            : Invariant($"{NumberText.Percent(counted.Count(agrees => agrees), counted.Count)} of {counted.Count:N0}");
    }

    private Html Board(IReadOnlyList<CastVote> votes)
    {
        var rated = votes.Where(vote => vote is { ModelA.Length: > 0, ModelB.Length: > 0 }
                && !string.Equals(vote.ModelA, vote.ModelB, StringComparison.Ordinal))
            .Select(vote => new Vote(vote.ModelA!, vote.ModelB!, vote.Verdict)).ToList();
        if (rated.Count == 0)
            return default;
        try
        {
            var document = Standings.Rank(VoteSet.Of(rated).Counts, threads);
            return Html.Of($"{DocumentBody.Of(document.Plots()[0].Plot)}{DocumentBody.Of(document)}");
        }
        catch (InputException exception)
        {
            return Html.Of($"<p class=\"notice\">No leaderboard yet: {exception.Message}</p>\n");
        }
    }
}
