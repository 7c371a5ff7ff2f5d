using System.Globalization;

namespace Tiebreak.Reports.Plots;

/// <summary>A square table of values as shades, with their scale: for instance how often one model beat another.</summary>
/// <param name="title">What the cells show.</param>
/// <param name="names">Rows and columns.</param>
/// <param name="cells"><c>[row, column]</c>; NaN stays empty.</param>
/// <param name="low">The value without shade.</param>
/// <param name="high">The value with full shade.</param>
/// <param name="format">How a value is written, as for <see cref="double.ToString(string)"/>.</param>
public sealed class HeatMap(string title, IReadOnlyList<string> names, double[,] cells, double low, double high, string format) : IPlot
{
    private const double LabelWidth = 190;
    private const double LabelHeight = 150;
    private const double Cell = 30;
    private const double ScaleWidth = 80;
    private const double ScaleStep = 20;
    private const int ScaleSteps = 5;

    // More rows than this cannot carry numbers that a person could read.
    private const int MostWithNumbers = 24;

    /// <inheritdoc/>
    public string ToSvg()
    {
        var size = names.Count * Cell;
        var canvas = new SvgCanvas(LabelWidth + size + ScaleWidth, LabelHeight + Math.Max(size, ScaleSteps * ScaleStep) + 4, title);
        for (var i = 0; i < names.Count; i++)
        {
            canvas.Text(LabelWidth - 8, LabelHeight + (i * Cell) + 19, names[i], "end");
            canvas.Text(LabelWidth + (i * Cell) + 14, LabelHeight - 8, names[i], "start", angle: -55);
            for (var j = 0; j < names.Count; j++)
                Draw(canvas, i, j);
        }

        DrawScale(canvas, LabelWidth + size + 14);
        return canvas.ToString();
    }

    private void DrawScale(SvgCanvas canvas, double x)
    {
        for (var step = 0; step < ScaleSteps; step++)
        {
            var share = (double)(ScaleSteps - 1 - step) / (ScaleSteps - 1);
            var (y, text) = (LabelHeight + (step * ScaleStep), Text(low + (share * (high - low))));
            canvas.Shade(x, y, 14, ScaleStep, OpacityOf(share), "a", text);
            canvas.Text(x + 20, y + 14, text);
        }
    }

    private void Draw(SvgCanvas canvas, int row, int column)
    {
        var value = cells[row, column];
        if (double.IsNaN(value))
            return;

        var text = Text(value);
        var (x, y) = (LabelWidth + (column * Cell), LabelHeight + (row * Cell));
        var shade = high > low ? Math.Clamp((value - low) / (high - low), 0, 1) : 0;
        canvas.Shade(x, y, Cell - 1, Cell - 1, OpacityOf(shade), "a", $"{names[row]} against {names[column]}: {text}");
        if (names.Count <= MostWithNumbers)
            canvas.Text(x + (Cell / 2) - 0.5, y + 19, text, "middle");
    }

    private static double OpacityOf(double shade) => 0.08 + (0.72 * shade);

    private string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
