using System.Globalization;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ranking;

/// <summary>Values with their intervals as lines of characters, for terminals.</summary>
internal static class IntervalLines
{
    private const int Width = 60;

    /// <summary>Lines on a common scale.</summary>
    /// <param name="title">What the values are.</param>
    /// <param name="format">How a value is written.</param>
    /// <param name="rows">Label, value and interval.</param>
    public static TextTable Of(
        string title, string format, IReadOnlyList<(string Label, double Value, double Lower, double Upper)> rows)
    {
        var (low, high) = (rows.Min(row => row.Lower), rows.Max(row => row.Upper));
        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        int Place(double value) => high > low ? (int)Math.Round((value - low) / (high - low) * (Width - 1)) : 0;
        var scale = Number(low) + Number(high).PadLeft(Width - Number(low).Length);
        return new TextTable(title, ["", scale], [.. rows.Select(row =>
        {
            var line = new char[Width];
            Array.Fill(line, ' ');
            line.AsSpan(Place(row.Lower), Place(row.Upper) - Place(row.Lower) + 1).Fill('─');
            line[Place(row.Value)] = '●';
            return new[] { row.Label, new string(line) };
        })])
        {
            On = Medium.Terminal,
        };
    }
}
