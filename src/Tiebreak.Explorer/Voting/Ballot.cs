using System.Buffers.Text;
using System.Security.Cryptography;
using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Voting;

/// <summary>A battle that is shown to a voter, who knows neither its models nor which side is which.</summary>
/// <param name="Token">Names the ballot in the voter's answer; it says nothing about the battle.</param>
/// <param name="Battle">The battle, as its file has it.</param>
/// <param name="IsExchanged">Whether side B of the file is shown as A.</param>
/// <param name="Origin">How the battle was chosen.</param>
internal sealed record Ballot(string Token, Battle Battle, bool IsExchanged, BallotOrigin Origin)
{
    /// <summary>The battle as it is shown.</summary>
    public Battle Shown => IsExchanged ? Battle.Swapped() : Battle;

    /// <summary>A vote on what is shown, as a vote on the battle of the file.</summary>
    public Verdict InFile(Verdict shown) => IsExchanged ? shown.Swapped() : shown;

    /// <summary>A token that nobody guesses.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
}
