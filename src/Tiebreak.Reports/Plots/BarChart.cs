using Tiebreak.Core;

namespace Tiebreak.Reports.Plots;

/// <summary>Horizontal bars with a label and a value each, in the given order.</summary>
/// <param name="title">What the bars show.</param>
/// <param name="bars">Label, length (0 or more) and the text that says it.</param>
public sealed class BarChart(string title, IReadOnlyList<(string Label, double Value, string Text)> bars) : IPlot
{
    private const double Width = 720;
    private const double LabelWidth = 250;
    private const double ValueWidth = 110;
    private const double RowHeight = 22;
    private const int LongestLabel = 38;

    /// <inheritdoc/>
    public string ToSvg()
    {
        var canvas = new SvgCanvas(Width, Math.Max(1, bars.Count) * RowHeight, title);
        var axis = new Axis(0, bars.Count == 0 ? 1 : Math.Max(bars.Max(bar => bar.Value), double.Epsilon), LabelWidth, Width - ValueWidth);
        for (var i = 0; i < bars.Count; i++)
        {
            var (label, value, text) = bars[i];
            var y = i * RowHeight;
            canvas.Text(LabelWidth - 8, y + 15, Shortened.Text(label, LongestLabel), "end");
            canvas.Rectangle(LabelWidth, y + 3, axis[value] - LabelWidth, RowHeight - 6, "a", $"{label}: {text}");
            canvas.Text(axis[value] + 6, y + 15, text);
        }

        return canvas.ToString();
    }
}
