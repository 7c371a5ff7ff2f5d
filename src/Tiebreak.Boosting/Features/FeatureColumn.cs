namespace Tiebreak.Boosting.Features;

/// <summary>One column of a feature matrix.</summary>
/// <param name="Name">Lower case, underscores, no spaces; different from all others.</param>
/// <param name="Group">The group that recipes switch on and off.</param>
/// <param name="IsAntisymmetric">True if the value changes its sign when A and B are exchanged; all others stay as they are.</param>
public sealed record FeatureColumn(string Name, string Group, bool IsAntisymmetric);
