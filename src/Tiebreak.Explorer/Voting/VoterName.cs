namespace Tiebreak.Explorer.Voting;

/// <summary>Names of voters: as people write them, but short and without signs that would break a line or the id of a vote.</summary>
internal static class VoterName
{
    public const int Longest = 40;

    /// <summary>The name, or null where nothing is left of it.</summary>
    public static string? Of(string? text)
    {
        var name = new string([.. (text ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c != VoteFile.Separator)]).Trim();
        return name.Length == 0 ? null : name[..Math.Min(name.Length, Longest)];
    }
}
