using Tiebreak.Core;

namespace Tiebreak.Transformers.Tuning;

/// <summary>Names battles in a message.</summary>
internal static class BattleNames
{
    private const int Shown = 8;

    /// <summary>The first few of the different ones among ids.</summary>
    public static string Of(IEnumerable<string> ids) => Shortened.List(ids.Distinct(StringComparer.Ordinal), Shown);
}
