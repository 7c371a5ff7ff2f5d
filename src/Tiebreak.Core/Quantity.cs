using System.Globalization;

namespace Tiebreak.Core;

/// <summary>A number with what it counts, in singular or plural, and how many a second.</summary>
internal static class Quantity
{
    /// <summary>"1 row", "1,204 rows".</summary>
    /// <param name="count">How many.</param>
    /// <param name="singular">The noun, or the noun with its verb: "row", "row has".</param>
    /// <param name="plural">The same in the plural; null for the singular with an s.</param>
    public static string Of(long count, string singular, string? plural = null) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>"1,204/s"; two digits that matter below ten a second ("0.4/s"), for a large judge takes seconds for a row.</summary>
    public static string PerSecond(double rate) => rate.ToString(rate >= 10 ? "N0" : "G2", CultureInfo.InvariantCulture) + "/s";
}
