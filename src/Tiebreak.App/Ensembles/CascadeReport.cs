using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ensembles;

/// <summary>What a cascade saves, and what that costs. Losses are in nats.</summary>
/// <param name="MaxEntropy">Up to which entropy of its preference the cheap judge decides.</param>
/// <param name="DecidedByCheap">Share of the battles that it decides.</param>
/// <param name="Time">Time that the cascade takes, as a share of the expensive judge's.</param>
/// <param name="LogLossCheap">Log loss of the cheap judge alone.</param>
/// <param name="LogLossExpensive">Log loss of the expensive judge alone.</param>
/// <param name="LogLoss">Log loss of the cascade, each fold with the threshold that the others give.</param>
/// <param name="Difference">By how much that is above the expensive judge's.</param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired, by bootstrap over prompts.</param>
/// <param name="Curve">Loss and time by how many battles the cheap judge decides.</param>
public sealed record CascadeReport(
    double MaxEntropy, double DecidedByCheap, double Time, double LogLossCheap, double LogLossExpensive, double LogLoss, double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval, IReadOnlyList<CascadePoint> Curve)
{
    internal IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            Invariant($"The cheap judge decides where the entropy of its preference is at most {MaxEntropy:F4} nats, ")
            + Invariant($"{DecidedByCheap:P1} of the battles. The cascade takes {Time:P1} of the expensive judge's time; its log loss is ")
            + $"{NumberText.Loss(LogLoss)} against {NumberText.Loss(LogLossExpensive)}, {NumberText.Signed(Difference, 4)} (paired 95 % "
            + $"interval {NumberText.SignedRange(DifferenceInterval)}). Each fold had the threshold that the others give.");
        yield return new TextTable(
            "By how much the cheap judge decides", ["Decided by it", "Time", "Log loss", "Entropy up to"],
            [.. Curve.Select(point => new[]
            {
                NumberText.Percent(point.DecidedByCheap), NumberText.Percent(point.Time), NumberText.Loss(point.LogLoss),
                NumberText.Loss(point.MaxEntropy),
            })]);
    }
}

/// <summary>A threshold that a cascade could have.</summary>
/// <param name="DecidedByCheap">Share of the battles that the cheap judge decides.</param>
/// <param name="Time">Time, as a share of the expensive judge's.</param>
/// <param name="LogLoss">Log loss.</param>
/// <param name="MaxEntropy">The threshold.</param>
public sealed record CascadePoint(double DecidedByCheap, double Time, double LogLoss, double MaxEntropy);
