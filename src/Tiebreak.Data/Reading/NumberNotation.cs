using System.Globalization;

namespace Tiebreak.Data.Reading;

/// <summary>How the numbers of a file are written; the same way in all cells, so that single cells need not be guessed.</summary>
/// <param name="HasDecimalCommas">True for 0,5, as spreadsheets write it in most of Europe.</param>
/// <param name="HasPercentSigns">True for 50%, which is 0.5.</param>
internal readonly record struct NumberNotation(bool HasDecimalCommas, bool HasPercentSigns)
{
    /// <summary>What most cells use.</summary>
    public static NumberNotation Of(IEnumerable<string> cells)
    {
        var (filled, commas, points, percents) = (0, 0, 0, 0);
        foreach (var cell in cells)
        {
            filled += cell.Length > 0 ? 1 : 0;
            commas += cell.Contains(',', StringComparison.Ordinal) ? 1 : 0;
            points += cell.Contains('.', StringComparison.Ordinal) ? 1 : 0;
            percents += cell.EndsWith('%') ? 1 : 0;
        }

        return new NumberNotation(commas > points, 2 * percents > filled);
    }

    /// <summary>The number that a cell holds; NaN where it is none (empty, NaN, text).</summary>
    public double Parse(string cell)
    {
        var isPercent = HasPercentSigns && cell.EndsWith('%');
        var text = isPercent ? cell[..^1] : cell;
        return double.TryParse(
            HasDecimalCommas ? text.Replace(',', '.') : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? isPercent ? value / 100 : value
            : double.NaN;
    }
}
