namespace Tiebreak.Core.Evaluation;

/// <summary>Rows on which a calibrated judge is about equally sure.</summary>
/// <param name="From">Lowest confidence (probability of the most probable outcome), included.</param>
/// <param name="To">Highest confidence, excluded.</param>
/// <param name="Rows">Share of all rows.</param>
/// <param name="Accuracy">Share of them foreseen, which equals their mean confidence.</param>
public readonly record struct ConfidenceBin(double From, double To, double Rows, double Accuracy);
