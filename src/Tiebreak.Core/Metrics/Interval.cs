namespace Tiebreak.Core.Metrics;

/// <summary>A range that covers the true value with a stated confidence (95 % unless said otherwise).</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct Interval(double Lower, double Upper);
