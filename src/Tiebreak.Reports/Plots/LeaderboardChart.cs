namespace Tiebreak.Reports.Plots;

/// <summary>Ratings with their intervals, one model below the other, on a scale that begins where the data does.</summary>
/// <param name="title">What the ratings are.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="rows">Label, value, interval, and the text that says them, in the order in which they are drawn.</param>
public sealed class LeaderboardChart(
    string title, string xLabel, IReadOnlyList<(string Label, double Value, double Lower, double Upper, string Text)> rows) : IPlot
{
    private const double Width = 760;
    private const double LabelWidth = 250;
    private const double ValueWidth = 60;
    private const double RowHeight = 20;
    private const double RoomBelow = 44;
    private const int LongestLabel = 34;

    /// <inheritdoc/>
    public string ToSvg()
    {
        if (rows.Count == 0)
            return "<p>No data.</p>\n";

        var bottom = rows.Count * RowHeight;
        var canvas = new SvgCanvas(Width, bottom + RoomBelow, title);
        var (low, high) = (rows.Min(row => row.Lower), rows.Max(row => row.Upper));
        var room = 0.03 * Math.Max(high - low, 1e-9);
        var x = new Axis(low - room, high + room, LabelWidth, Width - ValueWidth);
        foreach (var tick in x.Ticks())
        {
            canvas.Line(x[tick], 0, x[tick], bottom, "grid");
            canvas.Text(x[tick], bottom + 16, Axis.Label(tick), "middle");
        }

        canvas.Text((LabelWidth + Width - ValueWidth) / 2, bottom + 36, xLabel, "middle");
        for (var i = 0; i < rows.Count; i++)
        {
            var (label, value, lower, upper, text) = rows[i];
            var y = (i * RowHeight) + (RowHeight / 2);
            canvas.Text(LabelWidth - 8, y + 4, label.Length > LongestLabel ? label[..(LongestLabel - 1)] + "…" : label, "end");
            canvas.Line(x[lower], y, x[upper], y, "line a");
            canvas.Circle(x[value], y, 4, "a", $"{label}: {text}");
            canvas.Text(Width - ValueWidth + 8, y + 4, text);
        }

        return canvas.ToString();
    }
}
