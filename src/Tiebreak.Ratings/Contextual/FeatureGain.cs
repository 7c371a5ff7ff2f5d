using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Contextual;

/// <summary>Whether features help to predict votes that were not seen.</summary>
/// <param name="Plain">The mean log loss of Bradley-Terry, a tie being half a win, in nats.</param>
/// <param name="WithFeatures">The same with features.</param>
/// <param name="DifferenceInterval">The 95 % interval of the second less the first: below 0 the features help.</param>
public sealed record FeatureGain(
    [property: JsonPropertyName("log_loss_without")] double Plain,
    [property: JsonPropertyName("log_loss_with")] double WithFeatures,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval);
