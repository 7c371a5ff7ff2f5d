namespace Tiebreak.Reports.Plots;

/// <summary>One curve of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points from left to right.</param>
public sealed record Series(string Name, IReadOnlyList<SeriesPoint> Points);
