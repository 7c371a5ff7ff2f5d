namespace Tiebreak.Core;

/// <summary>Texts and lists that are cut for a sentence, a label or a cell of a table, and say that they are.</summary>
internal static class Shortened
{
    /// <summary>The beginning of a text, with "…" in place of the rest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most UTF-16 characters that may come out, 1 at least.</param>
    public static string Text(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var kept = most - 1;
        return text[..(kept > 0 && char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept)] + "…";
    }

    /// <summary>"a, b, c and 12 more".</summary>
    /// <param name="items">The items, as they are to be shown.</param>
    /// <param name="most">How many are named.</param>
    public static string List(IEnumerable<string> items, int most)
    {
        var all = items.ToList();
        var named = string.Join(", ", all.Take(most));
        return all.Count > most ? FormattableString.Invariant($"{named} and {all.Count - most:N0} more") : named;
    }
}
