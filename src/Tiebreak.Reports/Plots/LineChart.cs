namespace Tiebreak.Reports.Plots;

/// <summary>Curves over a common horizontal axis, with points and, where given, error bars.</summary>
/// <param name="title">What the curves show.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="yLabel">What runs upwards, with its unit.</param>
/// <param name="series">The curves; at most four, coloured in their order.</param>
public sealed class LineChart(string title, string xLabel, string yLabel, IReadOnlyList<Series> series) : IPlot
{
    private const double Width = 720;
    private const double Height = 340;
    private const double Left = 70;
    private const double Bottom = 290;
    private const double Top = 30;

    private static readonly string[] Styles = ["a", "b", "tie", "other"];

    /// <summary>A straight line from corner to corner, for charts of probability against probability.</summary>
    public bool WithDiagonal { get; init; }

    /// <inheritdoc/>
    public string ToSvg()
    {
        var points = series.SelectMany(line => line.Points).ToList();
        if (points.Count == 0)
            return "<p>No data.</p>\n";

        var canvas = new SvgCanvas(Width, Height, title);
        var x = new Axis(points.Min(point => point.X), points.Max(point => point.X), Left, Width - 20);
        var (low, high) = (points.Min(point => point.Lower ?? point.Y), points.Max(point => point.Upper ?? point.Y));
        var room = 0.05 * Math.Max(high - low, 1e-9);
        var y = new Axis(WithDiagonal ? x.Low : low - room, WithDiagonal ? x.High : high + room, Bottom, Top);
        DrawFrame(canvas, x, y);
        if (WithDiagonal)
            canvas.Line(x.From, y.From, x.To, y.To, "grid");
        for (var i = 0; i < series.Count; i++)
            Draw(canvas, series[i], Styles[i % Styles.Length], i, x, y);
        return canvas.ToString();
    }

    private void DrawFrame(SvgCanvas canvas, Axis x, Axis y)
    {
        foreach (var tick in y.Ticks())
        {
            canvas.Line(Left, y[tick], Width - 20, y[tick], "grid");
            canvas.Text(Left - 8, y[tick] + 4, Axis.Label(tick), "end");
        }

        foreach (var tick in x.Ticks())
        {
            canvas.Line(x[tick], Bottom, x[tick], Bottom + 4, "grid");
            canvas.Text(x[tick], Bottom + 18, Axis.Label(tick), "middle");
        }

        canvas.Text((Left + Width) / 2, Height - 10, xLabel, "middle");
        canvas.Text(16, (Top + Bottom) / 2, yLabel, "middle", angle: -90);
    }

    private static void Draw(SvgCanvas canvas, Series line, string style, int index, Axis x, Axis y)
    {
        canvas.Polyline(line.Points.Select(point => (x[point.X], y[point.Y])), $"line {style}");
        foreach (var point in line.Points)
        {
            if (point is { Lower: { } lower, Upper: { } upper })
                canvas.Line(x[point.X], y[lower], x[point.X], y[upper], $"line {style}");
            canvas.Circle(x[point.X], y[point.Y], 3.5, style, $"{line.Name}: {Axis.Label(point.X)}, {Axis.Label(point.Y)}");
        }

        canvas.Rectangle(Left + 10 + (index * 150), 6, 12, 12, style);
        canvas.Text(Left + 28 + (index * 150), 17, line.Name);
    }
}
