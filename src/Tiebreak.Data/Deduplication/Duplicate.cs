using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>A battle that is like one that stays.</summary>
/// <param name="Battle">The battle, as it was given.</param>
/// <param name="Similarity">1 for equal ones; else the exact Jaccard similarity, not an estimate.</param>
/// <param name="Swapped">Whether its side A is like side B of the one that stays. Always false where only prompts are compared.</param>
public sealed record Duplicate(Battle Battle, double Similarity, bool Swapped);
