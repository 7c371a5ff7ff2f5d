namespace Tiebreak.Data.Reading;

/// <summary>The first few of many things, in a sentence.</summary>
internal static class Examples
{
    private const int Shown = 5;

    /// <summary>"1, 2, 3", or the first five "and others".</summary>
    public static string Of(IReadOnlyList<string> items) =>
        string.Join(", ", items.Take(Shown)) + (items.Count > Shown ? " and others" : "");
}
