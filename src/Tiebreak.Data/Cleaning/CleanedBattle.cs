using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>A battle that a rule touched.</summary>
/// <param name="Id">The battle's id.</param>
/// <param name="Action">What happened.</param>
/// <param name="Before">The label before, or null.</param>
/// <param name="After">The label after; for a dropped battle the one that it had.</param>
public sealed record CleanedBattle(string Id, CleaningAction Action, Preference? Before, Preference? After);
