using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Comparison;

/// <summary>How well a rating model predicts votes that it has not seen.</summary>
/// <param name="Name">The model.</param>
/// <param name="LogLoss">The mean log loss over A, B and tie (both bad counts as a tie), in nats.</param>
/// <param name="Difference">Its log loss less that of Bradley-Terry, on the same votes.</param>
/// <param name="DifferenceInterval">The 95 % interval of that difference, votes of a cluster taken together.</param>
/// <param name="WinCalibration">
/// The calibration error of the probability that A wins: the mean distance between probability and share over ten bins.
/// </param>
/// <param name="TieCalibration">The same for the probability of a tie.</param>
public sealed record RatingModelScore(
    [property: JsonPropertyName("model")] string Name,
    double LogLoss,
    double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval,
    [property: JsonPropertyName("calibration_error_of_wins")] double WinCalibration,
    [property: JsonPropertyName("calibration_error_of_ties")] double TieCalibration);
