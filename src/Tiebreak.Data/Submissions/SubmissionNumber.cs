using System.Globalization;

namespace Tiebreak.Data.Submissions;

/// <summary>Cells of a submission as numbers and ids.</summary>
internal static class SubmissionNumber
{
    /// <summary>A probability as written; NaN where the cell is none (empty, NaN, text).</summary>
    public static double Parse(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    /// <summary>An id without the decimals that a data frame gives a column of numbers with gaps: 136060.0 is 136060.</summary>
    public static string WithoutDecimals(string id)
    {
        var point = id.IndexOf('.', StringComparison.Ordinal);
        var isDecimal = point > 0 && !id.AsSpan(0, point).ContainsAnyExceptInRange('0', '9')
            && !id.AsSpan(point + 1).ContainsAnyExcept('0');
        return isDecimal ? id[..point] : id;
    }
}
