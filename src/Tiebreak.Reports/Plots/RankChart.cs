using System.Globalization;
using Tiebreak.Core;

namespace Tiebreak.Reports.Plots;

/// <summary>Ranks over time: a line for every name, the best rank on top, names where their lines end.</summary>
/// <param name="title">What is ranked.</param>
/// <param name="periods">The points in time, the earliest first.</param>
/// <param name="rows">Every name with its rank (from 1) at each of them, or null where it has none.</param>
public sealed class RankChart(string title, IReadOnlyList<string> periods, IReadOnlyList<(string Name, IReadOnlyList<int?> Ranks)> rows)
    : IPlot
{
    private static readonly Frame Wide = new(Left: 58, NameWidth: 230, PlotWidth: 520, LeastStep: 16, LongestName: 32);
    private static readonly Frame Narrow = new(Left: 58, NameWidth: 156, PlotWidth: 126, LeastStep: 0, LongestName: 21);

    private const double Top = 16;
    private const double RowHeight = 20;
    private const double RoomBelow = 70;
    private const double LabelWidth = 16;
    private const double MarkWidth = 8; // closer marks would hide their lines
    private const int MostLabels = 16;

    private static readonly string[] Styles = ["a", "b", "tie", "other"];

    /// <inheritdoc/>
    public string ToSvg() => Draw(Wide);

    /// <inheritdoc/>
    public string? ToNarrowSvg() => Draw(Narrow);

    private string Draw(Frame frame)
    {
        var worst = rows.SelectMany(row => row.Ranks).Max();
        if (worst is not { } ranks || periods.Count == 0)
            return "<p>No data.</p>\n";

        var step = periods.Count == 1 ? 0 : Math.Max(frame.LeastStep, frame.PlotWidth / (periods.Count - 1));
        var right = frame.Left + Math.Max(LabelWidth, step * (periods.Count - 1));
        var bottom = Top + (ranks * RowHeight);
        var canvas = new SvgCanvas(right + frame.NameWidth, bottom + RoomBelow, title);
        for (var rank = 1; rank <= ranks; rank++)
            canvas.Text(frame.Left - 14, Y(rank) + 4, rank.ToString(CultureInfo.InvariantCulture), "end");
        var labels = Math.Clamp((int)((right - frame.Left) / LabelWidth), 1, MostLabels);
        var every = (periods.Count + labels - 1) / labels;
        for (var i = 0; i < periods.Count; i += every)
        {
            canvas.Line(X(i), Top, X(i), bottom, "grid");
            canvas.Text(X(i) + 4, bottom + 14, periods[i], "end", angle: -45);
        }

        for (var row = 0; row < rows.Count; row++)
            DrawRow(canvas, rows[row].Name, rows[row].Ranks, Styles[row % Styles.Length]);
        return canvas.ToString();

        double X(int period) => frame.Left + (period * step);
        double Y(int rank) => Top + ((rank - 0.5) * RowHeight);
        void DrawRow(SvgCanvas canvas, string name, IReadOnlyList<int?> ranksOfName, string style)
        {
            var line = new List<(double X, double Y)>();
            for (var period = 0; period <= ranksOfName.Count; period++)
            {
                if (period < ranksOfName.Count && ranksOfName[period] is { } rank)
                {
                    line.Add((X(period), Y(rank)));
                    if (step == 0 || step >= MarkWidth)
                        canvas.Circle(X(period), Y(rank), 3, style, $"{name}, {periods[period]}: {rank}");
                    continue;
                }

                if (line.Count > 1)
                    canvas.Polyline(line, $"line {style}");
                line.Clear();
            }

            if (ranksOfName.Count > 0 && ranksOfName[^1] is { } last)
                canvas.Text(right + 10, Y(last) + 4, Shortened.Text(name, frame.LongestName));
        }
    }

    /// <summary>Where things stand.</summary>
    /// <param name="Left">The room left of the lines.</param>
    /// <param name="NameWidth">The room right of them.</param>
    /// <param name="PlotWidth">The width of the lines, or more where the steps need it.</param>
    /// <param name="LeastStep">The least width of a period.</param>
    /// <param name="LongestName">The most characters of a name.</param>
    private sealed record Frame(double Left, double NameWidth, double PlotWidth, double LeastStep, int LongestName);
}
