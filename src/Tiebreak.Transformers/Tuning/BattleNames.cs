using System.Globalization;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Names battles in a message: the first few.</summary>
internal static class BattleNames
{
    private const int Shown = 8;

    /// <summary>The different ones among ids, as a list for people.</summary>
    public static string Of(IEnumerable<string> ids)
    {
        string[] names = [.. ids.Distinct(StringComparer.Ordinal)];
        return string.Join(", ", names.Take(Shown))
            + (names.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {names.Length - Shown} more") : "");
    }
}
