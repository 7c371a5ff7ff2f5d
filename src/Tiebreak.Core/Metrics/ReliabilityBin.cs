using System.Text.Json.Serialization;

namespace Tiebreak.Core.Metrics;

/// <summary>Rows to which a judge gave about the same probability, and how often it came true.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Predicted">Mean probability.</param>
/// <param name="Observed">Share that came true.</param>
/// <param name="Interval">95 % interval of <paramref name="Observed"/>; see <see cref="BinomialInterval"/>.</param>
public readonly record struct ReliabilityBin(int Rows, double Predicted, double Observed, [property: JsonPropertyName("observed_ci")] Interval Interval);
