using System.Globalization;

namespace Tiebreak.Reports.Plots;

/// <summary>Ranks over time: a line for every name, the best rank on top, names where their lines end.</summary>
/// <param name="title">What is ranked.</param>
/// <param name="periods">The points in time, the earliest first.</param>
/// <param name="rows">Every name with its rank (from 1) at each of them, or null where it has none.</param>
public sealed class RankChart(string title, IReadOnlyList<string> periods, IReadOnlyList<(string Name, IReadOnlyList<int?> Ranks)> rows)
    : IPlot
{
    private const double Left = 44;
    private const double NameWidth = 230;
    private const double Top = 16;
    private const double RowHeight = 20;
    private const double RoomBelow = 70;
    private const double LeastStep = 16;
    private const double PlotWidth = 520;
    private const int MostLabels = 16;
    private const int LongestName = 32;

    private static readonly string[] Styles = ["a", "b", "tie", "other"];

    /// <inheritdoc/>
    public string ToSvg()
    {
        var worst = rows.SelectMany(row => row.Ranks).Max();
        if (worst is not { } ranks || periods.Count == 0)
            return "<p>No data.</p>\n";

        var step = periods.Count == 1 ? 0 : Math.Max(LeastStep, PlotWidth / (periods.Count - 1));
        var right = Left + Math.Max(LeastStep, step * (periods.Count - 1));
        var bottom = Top + (ranks * RowHeight);
        var canvas = new SvgCanvas(right + NameWidth, bottom + RoomBelow, title);
        for (var rank = 1; rank <= ranks; rank++)
            canvas.Text(Left - 14, Y(rank) + 4, rank.ToString(CultureInfo.InvariantCulture), "end");
        var every = (periods.Count + MostLabels - 1) / MostLabels;
        for (var i = 0; i < periods.Count; i += every)
        {
            canvas.Line(X(i), Top, X(i), bottom, "grid");
            canvas.Text(X(i) + 4, bottom + 14, periods[i], "end", angle: -45);
        }

        for (var row = 0; row < rows.Count; row++)
            Draw(canvas, rows[row].Name, rows[row].Ranks, Styles[row % Styles.Length]);
        return canvas.ToString();

        double X(int period) => Left + (period * step);
        double Y(int rank) => Top + ((rank - 0.5) * RowHeight);
        void Draw(SvgCanvas canvas, string name, IReadOnlyList<int?> ranksOfName, string style)
        {
            var line = new List<(double X, double Y)>();
            for (var period = 0; period <= ranksOfName.Count; period++)
            {
                if (period < ranksOfName.Count && ranksOfName[period] is { } rank)
                {
                    line.Add((X(period), Y(rank)));
                    canvas.Circle(X(period), Y(rank), 3, style, $"{name}, {periods[period]}: {rank}");
                    continue;
                }

                if (line.Count > 1)
                    canvas.Polyline(line, $"line {style}");
                line.Clear();
            }

            if (ranksOfName.Count > 0 && ranksOfName[^1] is { } last)
                canvas.Text(right + 10, Y(last) + 4, name.Length > LongestName ? name[..(LongestName - 1)] + "…" : name);
        }
    }
}
