namespace Tiebreak.Explorer.Rendering;

/// <summary>
/// Sentences for people in which the library marks code by grave accents: options of the command line by their bare names, and commands.
/// </summary>
internal static class Sentence
{
    /// <summary>The sentence as markup: what stands between the marks as code, options with their hyphens.</summary>
    public static Html Of(string text)
    {
        var parts = text.Split('`');
        return parts.Length % 2 == 0 // a mark without its counterpart is a text like any other
            ? Html.Text(text)
            : Html.Join(parts.Select((part, i) => i % 2 == 0 ? Html.Text(part) : Html.Of($"<code>{OptionOf(part)}</code>")));
    }

    private static string OptionOf(string code) => code.All(c => char.IsAsciiLetterLower(c) || c == '-') ? $"--{code}" : code;
}
