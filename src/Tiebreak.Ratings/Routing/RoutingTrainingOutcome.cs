namespace Tiebreak.Ratings.Routing;

/// <summary>A trained and saved policy, and how good it is on votes that it has not seen.</summary>
/// <param name="Manifest">What was written.</param>
/// <param name="Gain">Whether prompts help to predict votes.</param>
/// <param name="Curve">What the policy costs and how good it is.</param>
public sealed record RoutingTrainingOutcome(PolicyManifest Manifest, PromptGain Gain, CostQualityCurve Curve);
