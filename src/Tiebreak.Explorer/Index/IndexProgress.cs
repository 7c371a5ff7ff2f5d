namespace Tiebreak.Explorer.Index;

/// <summary>How far an index is.</summary>
/// <param name="Stage">What is being done, as a person would say it; "complete" in the end.</param>
/// <param name="Done">How much of the stage is done.</param>
/// <param name="Total">How much the stage has in all, in the same unit; 0 where nobody knows.</param>
/// <param name="Left">How long the stage will take at its speed so far; null where nobody knows.</param>
/// <param name="Battles">Battles that can be browsed.</param>
/// <param name="HasAllBattles">Whether those are all.</param>
/// <param name="HasFindings">Whether the findings are known that depend on other battles (repeated prompts, near duplicates).</param>
/// <param name="HasSearch">Whether texts can be searched.</param>
/// <param name="Failure">Why the index cannot be completed, in a sentence; null if nothing failed.</param>
internal sealed record IndexProgress(
    string Stage,
    long Done,
    long Total,
    TimeSpan? Left,
    long Battles,
    bool HasAllBattles,
    bool HasFindings,
    bool HasSearch,
    string? Failure)
{
    /// <summary>Whether nothing more is to come.</summary>
    public bool IsComplete => HasAllBattles && HasFindings && HasSearch;
}
