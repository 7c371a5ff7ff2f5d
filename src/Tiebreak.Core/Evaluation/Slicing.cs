namespace Tiebreak.Core.Evaluation;

/// <summary>
/// One way to cut a set of battles, for instance by language. A battle may be in several slices (it has two models), or in none.
/// </summary>
/// <param name="Name">The name on the command line and in JSON: <c>language</c>.</param>
/// <param name="Title">The name for people: "Language".</param>
/// <param name="Slices">The slices in the order in which people read them.</param>
public sealed record Slicing(string Name, string Title, IReadOnlyList<Slice> Slices);
