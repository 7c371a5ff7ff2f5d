namespace Tiebreak.Reports.Plots;

/// <summary>One point of a curve.</summary>
/// <param name="X">Place along the bottom.</param>
/// <param name="Y">Height.</param>
/// <param name="Lower">Lower end of its interval, if it has one.</param>
/// <param name="Upper">Upper end of its interval, if it has one.</param>
public readonly record struct SeriesPoint(double X, double Y, double? Lower = null, double? Upper = null);
