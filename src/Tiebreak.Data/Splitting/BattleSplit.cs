using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Splitting;

/// <summary>A set cut into parts. No prompt group (see <see cref="PromptGroup"/>) stands in two parts.</summary>
/// <param name="Parts">The parts, each in the order of the set.</param>
/// <param name="SetAside">
/// Battles that belong to no part, because they would bring a prompt of a later part into an earlier one. Empty where a set is split by
/// prompt.
/// </param>
public sealed record BattleSplit(IReadOnlyList<IReadOnlyList<Battle>> Parts, IReadOnlyList<Battle> SetAside);
