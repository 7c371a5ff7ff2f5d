using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Voting;

/// <summary>A vote as it stands in the file, without the texts.</summary>
/// <param name="BattleId">The id of the battle in the explored files.</param>
/// <param name="Voter">Who voted.</param>
/// <param name="Verdict">What was voted, with A and B of the battle's file.</param>
/// <param name="ModelA">The model behind side A, or null.</param>
/// <param name="ModelB">The model behind side B, or null.</param>
/// <param name="Origin">How the battle had been chosen.</param>
internal sealed record CastVote(
    string BattleId, string Voter, Verdict Verdict, string? ModelA, string? ModelB, BallotOrigin Origin)
{
    private const string TagPrefix = "vote:";

    /// <summary>The tag by which a vote's origin is kept.</summary>
    public static string TagOf(BallotOrigin origin) => origin is BallotOrigin.Random ? TagPrefix + "random" : TagPrefix + "active";

    /// <summary>Reads the vote of a line of the file.</summary>
    /// <exception cref="FormatException">It has no vote, or not the id of one.</exception>
    public static CastVote Of(Battle vote)
    {
        var cut = vote.Id.LastIndexOf(VoteFile.Separator);
        if (cut < 0 || vote.Verdict is not { } verdict)
            throw new FormatException("is no vote of the explorer");
        var origin = vote.Tags?.Contains(TagOf(BallotOrigin.Active), StringComparer.Ordinal) is true
            ? BallotOrigin.Active
            : BallotOrigin.Random;
        return new CastVote(vote.Id[..cut], vote.Id[(cut + 1)..], verdict, vote.ModelA, vote.ModelB, origin);
    }
}

/// <summary>How a battle was chosen to be voted on.</summary>
internal enum BallotOrigin
{
    /// <summary>All battles had the same chance: shares among such votes are honest estimates.</summary>
    Random,

    /// <summary>Where a vote narrows the leaderboard most.</summary>
    Active,
}
