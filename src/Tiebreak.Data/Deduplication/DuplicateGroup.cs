using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>A battle that stays, and those that are like it.</summary>
/// <param name="Kept">The battle that stays.</param>
/// <param name="Duplicates">
/// The others, in the order of the list; each is like <paramref name="Kept"/>, not only like another duplicate.
/// </param>
public sealed record DuplicateGroup(Battle Kept, IReadOnlyList<Duplicate> Duplicates)
{
    /// <summary>
    /// How many duplicates have another outcome than <see cref="Kept"/>, the sides taken as they correspond: people who disagreed.
    /// </summary>
    public int Disagreements => Duplicates.Count(duplicate =>
        Kept.Verdict is { } verdict && duplicate.Battle.Verdict is { } other
        && verdict.ToOutcome() != (duplicate.Swapped ? other.Swapped() : other).ToOutcome());
}
