using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>What a search for duplicates found.</summary>
/// <param name="Kept">The battles without the duplicates, in their order.</param>
/// <param name="Groups">The groups of two or more, in the order of the battles that stay.</param>
public sealed record DeduplicationReport(IReadOnlyList<Battle> Kept, IReadOnlyList<DuplicateGroup> Groups)
{
    /// <summary>How many battles are duplicates.</summary>
    public int Removed => Groups.Sum(group => group.Duplicates.Count);
}
