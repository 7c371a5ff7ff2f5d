using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Index;

/// <summary>What the table knows of a battle and its texts do not, or not for certain.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Turns">Its turns, which can be none.</param>
/// <param name="Verdict">The vote, as it was read with the names and words of the file.</param>
/// <param name="Timestamp">The time, which may have been told only from the whole column.</param>
internal readonly record struct StoredBattle(int Number, int Turns, Verdict? Verdict, DateTimeOffset? Timestamp)
{
    /// <summary>The battle as it was read.</summary>
    /// <param name="text">The battle as the texts have it.</param>
    public Battle Complete(Battle text) => text with { Turns = Turns == 0 ? [] : text.Turns, Verdict = Verdict, Timestamp = Timestamp };
}
