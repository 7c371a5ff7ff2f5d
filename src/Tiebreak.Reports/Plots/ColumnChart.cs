namespace Tiebreak.Reports.Plots;

/// <summary>A histogram: upright columns over equal parts of a range, those of several series beside each other.</summary>
/// <param name="title">What the columns show.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="yLabel">What runs upwards, with its unit.</param>
/// <param name="low">Where the first part begins.</param>
/// <param name="high">Where the last part ends.</param>
/// <param name="series">At most four, coloured in their order, with a height (0 or more) for every part.</param>
public sealed class ColumnChart(
    string title, string xLabel, string yLabel, double low, double high, IReadOnlyList<(string Name, IReadOnlyList<double> Heights)> series)
    : IPlot
{
    private const double WideWidth = 720;
    private const double NarrowWidth = 340;
    private const double Height = 300;
    private const double Left = 70;
    private const double Right = 20;
    private const double Top = 30;
    private const double Bottom = 250;
    private const double MostLegendWidth = 150;

    private static readonly string[] Styles = ["a", "b", "tie", "other"];

    /// <inheritdoc/>
    public string ToSvg() => Draw(WideWidth);

    /// <inheritdoc/>
    public string? ToNarrowSvg() => Draw(NarrowWidth);

    private string Draw(double width)
    {
        var parts = series.Count == 0 ? 0 : series.Max(one => one.Heights.Count);
        if (parts == 0)
            return "<p>No data.</p>\n";

        var canvas = new SvgCanvas(width, Height, title);
        var x = new Axis(low, high, Left, width - Right);
        var y = new Axis(0, Math.Max(series.Max(one => one.Heights.Max()), double.Epsilon), Bottom, Top);
        foreach (var tick in y.Ticks())
        {
            canvas.Line(Left, y[tick], width - Right, y[tick], "grid");
            canvas.Text(Left - 8, y[tick] + 4, Axis.Label(tick), "end");
        }

        foreach (var tick in x.Ticks())
            canvas.Text(x[tick], Bottom + 18, Axis.Label(tick), "middle");
        canvas.Text((Left + width) / 2, Height - 8, xLabel, "middle");
        canvas.Text(16, (Top + Bottom) / 2, yLabel, "middle", angle: -90);
        for (var i = 0; i < series.Count; i++)
            Draw(canvas, i, parts, x, y);
        return canvas.ToString();
    }

    private void Draw(SvgCanvas canvas, int index, int parts, Axis x, Axis y)
    {
        var (name, heights) = series[index];
        var part = (x.To - x.From) / parts;
        var width = (part - 2) / series.Count;
        for (var k = 0; k < heights.Count; k++)
        {
            var left = x.From + (k * part) + 1 + (index * width);
            var (from, to) = (low + ((high - low) * k / parts), low + ((high - low) * (k + 1) / parts));
            canvas.Rectangle(
                left, y[heights[k]], width, Bottom - y[heights[k]], Styles[index],
                $"{name}, {Axis.Label(from)} to {Axis.Label(to)}: {Axis.Label(heights[k])}");
        }

        var legend = Left + (index * Math.Min(MostLegendWidth, (x.To - Left) / series.Count));
        canvas.Rectangle(legend + 10, 6, 12, 12, Styles[index]);
        canvas.Text(legend + 28, 17, name);
    }
}
