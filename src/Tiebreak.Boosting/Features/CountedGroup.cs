namespace Tiebreak.Boosting.Features;

/// <summary>Features that are counted in the texts alone and switched on and off together.</summary>
/// <param name="Name">The name of the group in recipes.</param>
/// <param name="Sides">Numbers about each response.</param>
/// <param name="Battles">Numbers about the battle.</param>
internal sealed record CountedGroup(string Name, IReadOnlyList<SideFeature> Sides, IReadOnlyList<BattleFeature> Battles);
