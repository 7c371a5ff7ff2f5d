using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Contextual;

/// <summary>How much a feature moves votes.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Log odds for side A per typical difference (one root mean square) in its favour.</param>
/// <param name="Interval">The interval of it.</param>
/// <param name="Scale">The typical difference, in the feature's own unit.</param>
public sealed record Coefficient(string Feature, double Value, Interval Interval, double Scale);
