using Tiebreak.Core;

namespace Tiebreak.App.Ranking;

/// <summary>Names of models in a sentence.</summary>
internal static class ModelNames
{
    private const int Most = 5;

    /// <summary>The first few names, and how many more there are.</summary>
    public static string FirstOf(IReadOnlyList<string> names) =>
        Shortened.List(names, Most);
}
