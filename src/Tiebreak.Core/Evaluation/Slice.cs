namespace Tiebreak.Core.Evaluation;

/// <summary>Some of the battles of a set, with what they have in common.</summary>
/// <param name="Name">What they have in common: "2 turns".</param>
/// <param name="Rows">Their positions in the set, ascending, at least one.</param>
public sealed record Slice(string Name, IReadOnlyList<int> Rows);
