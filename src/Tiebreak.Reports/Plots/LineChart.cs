namespace Tiebreak.Reports.Plots;

/// <summary>Curves over a common horizontal axis, with points and, where given, error bars.</summary>
/// <param name="title">What the curves show.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="yLabel">What runs upwards, with its unit.</param>
/// <param name="series">The curves; at most four, coloured in their order.</param>
public sealed class LineChart(string title, string xLabel, string yLabel, IReadOnlyList<Series> series) : IPlot
{
    private const double Left = 70;
    private const double Right = 20;
    private const double Top = 30;
    private const double RoomBelow = 50;
    private const double LegendWidth = 150;

    private static readonly string[] Styles = ["a", "b", "tie", "other"];

    /// <summary>Width of the picture in pixels.</summary>
    public double Width { get; init; } = 720;

    /// <summary>Height of the picture in pixels.</summary>
    public double Height { get; init; } = 340;

    /// <summary>
    /// A straight line from corner to corner, for charts of probability against probability: both axes then have one range.
    /// </summary>
    public bool WithDiagonal { get; init; }

    /// <summary>Equal distances along the bottom stand for equal ratios: for numbers that double. All x must be above 0.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>The style of the first curve; the others follow in the order A, B, tie.</summary>
    public int FirstStyle { get; init; }

    private double Bottom => Height - RoomBelow;

    /// <inheritdoc/>
    public string ToSvg()
    {
        var points = series.SelectMany(line => line.Points).ToList();
        if (points.Count == 0)
            return "<p>No data.</p>\n";

        var canvas = new SvgCanvas(Width, Height, title);
        var (low, high) = (points.Min(point => point.Lower ?? point.Y), points.Max(point => point.Upper ?? point.Y));
        var (first, last) = (points.Min(point => Along(point.X)), points.Max(point => Along(point.X)));
        var room = WithDiagonal ? 0 : 0.05 * Math.Max(high - low, 1e-9);
        if (WithDiagonal)
            (first, last, low, high) = (Math.Min(first, low), Math.Max(last, high), Math.Min(first, low), Math.Max(last, high));
        var x = new Axis(first, last, Left, Width - Right);
        var y = new Axis(low - room, high + room, Bottom, Top);
        DrawFrame(canvas, x, y);
        if (WithDiagonal)
            canvas.Line(x.From, y.From, x.To, y.To, "grid");
        for (var i = 0; i < series.Count; i++)
            Draw(canvas, series[i], Styles[(FirstStyle + i) % Styles.Length], i, x, y);
        return canvas.ToString();
    }

    private double Along(double x) => LogarithmicX ? Math.Log(x) : x;

    private void DrawFrame(SvgCanvas canvas, Axis x, Axis y)
    {
        foreach (var tick in y.Ticks())
        {
            canvas.Line(Left, y[tick], Width - Right, y[tick], "grid");
            canvas.Text(Left - 8, y[tick] + 4, Axis.Label(tick), "end");
        }

        var ticks = LogarithmicX ? series.SelectMany(line => line.Points).Select(point => point.X)
            .Distinct().Select(value => (At: Math.Log(value), Value: value))
            : x.Ticks().Select(value => (At: value, Value: value));
        foreach (var (at, value) in ticks)
        {
            canvas.Line(x[at], Bottom, x[at], Bottom + 4, "grid");
            canvas.Text(x[at], Bottom + 18, Axis.Label(value), "middle");
        }

        canvas.Text((Left + Width) / 2, Height - 10, xLabel, "middle");
        canvas.Text(16, (Top + Bottom) / 2, yLabel, "middle", angle: -90);
    }

    private void Draw(SvgCanvas canvas, Series line, string style, int index, Axis x, Axis y)
    {
        canvas.Polyline(line.Points.Select(point => (x[Along(point.X)], y[point.Y])), $"line {style}");
        foreach (var point in line.Points)
        {
            if (point is { Lower: { } lower, Upper: { } upper })
                canvas.Line(x[Along(point.X)], y[lower], x[Along(point.X)], y[upper], $"line {style}");
            if (line.HasMarks)
                canvas.Circle(x[Along(point.X)], y[point.Y], 3.5, style, $"{line.Name}: {Axis.Label(point.X)}, {Axis.Label(point.Y)}");
        }

        canvas.Rectangle(Left + 10 + (index * LegendWidth), 6, 12, 12, style);
        canvas.Text(Left + 28 + (index * LegendWidth), 17, line.Name);
    }
}

/// <summary>One curve of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points from left to right.</param>
public sealed record Series(string Name, IReadOnlyList<SeriesPoint> Points)
{
    /// <summary>Whether each point has a mark; without them a curve of many points stays thin.</summary>
    public bool HasMarks { get; init; } = true;
}

/// <summary>One point of a curve.</summary>
/// <param name="X">Place along the bottom.</param>
/// <param name="Y">Height.</param>
/// <param name="Lower">Lower end of its interval, if it has one.</param>
/// <param name="Upper">Upper end of its interval, if it has one.</param>
public readonly record struct SeriesPoint(double X, double Y, double? Lower = null, double? Upper = null);
