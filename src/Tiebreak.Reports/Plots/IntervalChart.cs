namespace Tiebreak.Reports.Plots;

/// <summary>Values with their intervals, one below the other on a common scale, with a line at zero (a forest plot).</summary>
/// <param name="title">What the values are.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="rows">Label, value, interval, and the text that says them.</param>
public sealed class IntervalChart(
    string title, string xLabel, IReadOnlyList<(string Label, double Value, double Lower, double Upper, string Text)> rows) : IPlot
{
    private const double Width = 720;
    private const double LabelWidth = 230;
    private const double ValueWidth = 70;
    private const double RowHeight = 22;
    private const double RoomBelow = 44;
    private const int LongestLabel = 32;

    /// <inheritdoc/>
    public string ToSvg()
    {
        if (rows.Count == 0)
            return "<p>No data.</p>\n";

        var bottom = rows.Count * RowHeight;
        var canvas = new SvgCanvas(Width, bottom + RoomBelow, title);
        var (low, high) = (Math.Min(0, rows.Min(row => row.Lower)), Math.Max(0, rows.Max(row => row.Upper)));
        var room = 0.04 * Math.Max(high - low, 1e-9);
        var x = new Axis(low - room, high + room, LabelWidth, Width - ValueWidth);
        foreach (var tick in x.Ticks())
        {
            canvas.Line(x[tick], 0, x[tick], bottom, "grid");
            canvas.Text(x[tick], bottom + 16, Axis.Label(tick), "middle");
        }

        canvas.Line(x[0], 0, x[0], bottom, "axis");
        canvas.Text((LabelWidth + Width - ValueWidth) / 2, bottom + 36, xLabel, "middle");
        for (var i = 0; i < rows.Count; i++)
        {
            var (label, value, lower, upper, text) = rows[i];
            var y = (i * RowHeight) + (RowHeight / 2);
            var style = upper < 0 ? "tie" : lower > 0 ? "b" : "a";
            canvas.Text(LabelWidth - 8, y + 4, label.Length > LongestLabel ? label[..(LongestLabel - 1)] + "…" : label, "end");
            canvas.Line(x[lower], y, x[upper], y, $"line {style}");
            canvas.Circle(x[value], y, 4, style, $"{label}: {text}");
            canvas.Text(Width - ValueWidth + 8, y + 4, text);
        }

        return canvas.ToString();
    }
}
