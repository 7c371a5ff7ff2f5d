using Tiebreak.Core;

namespace Tiebreak.Reports.Plots;

/// <summary>Values with their intervals, one below the other on a common scale (a forest plot).</summary>
/// <param name="title">What the values are.</param>
/// <param name="xLabel">What runs along the bottom, with its unit.</param>
/// <param name="rows">Label, value, interval, and the text that says them, in the order in which they are drawn.</param>
public sealed class IntervalChart(
    string title, string xLabel, IReadOnlyList<(string Label, double Value, double Lower, double Upper, string Text)> rows) : IPlot
{
    private const double TextWidth = 7; // of a character, on average
    private const double TickHeight = 22;
    private const double LineHeight = 16;

    // Labels stand left of the lines.
    private static readonly Frame Wide = new(Width: 760, Right: 70, RowHeight: 21, Line: 10.5, Text: 14.5, LongestLabel: 34);

    // Labels stand above the lines, which take the whole width.
    private static readonly Frame Narrow = new(Width: 340, Right: 16, RowHeight: 36, Line: 24, Text: 14, LongestLabel: 40);

    /// <summary>
    /// Whether the scale includes zero, with a line there, and values are coloured by whether they are beyond it. Without, it begins where
    /// the intervals do.
    /// </summary>
    public bool ShowsZero { get; init; } = true;

    /// <inheritdoc/>
    public string ToSvg()
    {
        var left = 16 + (TextWidth * rows.Select(row => Wide.Short(row.Label).Length).DefaultIfEmpty().Max());
        return Draw(Wide, left, (canvas, label, text, y) =>
        {
            canvas.Text(left - 8, y, label, "end");
            canvas.Text(Wide.Width - Wide.Right + 8, y, text);
        });
    }

    /// <inheritdoc/>
    public string? ToNarrowSvg() => Draw(Narrow, Narrow.Right, (canvas, label, text, y) =>
    {
        canvas.Text(0, y, label);
        canvas.Text(Narrow.Width, y, text, "end");
    });

    private string Draw(Frame frame, double left, Action<SvgCanvas, string, string, double> write)
    {
        if (rows.Count == 0)
            return "<p>No data.</p>\n";

        var right = frame.Width - frame.Right;
        var (bottom, captions) = (rows.Count * frame.RowHeight, Lines(xLabel, (int)((right - left) / TextWidth * 1.15)).ToList());
        var canvas = new SvgCanvas(frame.Width, bottom + TickHeight + (captions.Count * LineHeight) + 6, title);
        var (low, high) = (rows.Min(row => row.Lower), rows.Max(row => row.Upper));
        if (ShowsZero)
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        var room = 0.03 * Math.Max(high - low, 1e-9);
        var x = new Axis(low - room, high + room, left, right);
        foreach (var tick in x.Ticks())
        {
            canvas.Line(x[tick], 0, x[tick], bottom, "grid");
            canvas.Text(x[tick], bottom + 16, Axis.Label(tick), "middle");
        }

        if (ShowsZero)
            canvas.Line(x[0], 0, x[0], bottom, "axis");
        foreach (var (i, caption) in captions.Index())
            canvas.Text((left + right) / 2, bottom + TickHeight + ((i + 1) * LineHeight) - 2, caption, "middle");
        foreach (var (i, (label, value, lower, upper, text)) in rows.Index())
        {
            var y = (i * frame.RowHeight) + frame.Line;
            var style = !ShowsZero ? "a" : upper < 0 ? "tie" : lower > 0 ? "b" : "a";
            write(canvas, frame.Short(label), text, (i * frame.RowHeight) + frame.Text);
            canvas.Line(x[lower], y, x[upper], y, $"line {style}");
            canvas.Circle(x[value], y, 4, style, $"{label}: {text}");
        }

        return canvas.ToString();
    }

    /// <summary>Words in lines of at most so many characters.</summary>
    private static IEnumerable<string> Lines(string text, int longest)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > longest)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>Where things stand.</summary>
    /// <param name="Width">The width of the picture.</param>
    /// <param name="Right">The room right of the scale.</param>
    /// <param name="RowHeight">The height of a row.</param>
    /// <param name="Line">Where its line is within it.</param>
    /// <param name="Text">Where the base line of its texts is.</param>
    /// <param name="LongestLabel">The most characters of a label.</param>
    private sealed record Frame(double Width, double Right, double RowHeight, double Line, double Text, int LongestLabel)
    {
        public string Short(string label) => Shortened.Text(label, LongestLabel);
    }
}
