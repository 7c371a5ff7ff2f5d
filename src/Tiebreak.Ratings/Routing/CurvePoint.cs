using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Routing;

/// <summary>What a policy costs and how good it is at one threshold.</summary>
/// <param name="Threshold">The probability to win or tie that is good enough.</param>
/// <param name="Estimate">Cost and quality.</param>
/// <param name="RandomQuality">The quality of sending prompts by lot to the cheapest model or to the reference, at the same cost.</param>
/// <param name="Gain">The policy's quality less that.</param>
/// <param name="GainInterval">Its 95 % interval, prompts as clusters.</param>
public sealed record CurvePoint(double Threshold, RoutingEstimate Estimate, double RandomQuality, double Gain, Interval GainInterval);
