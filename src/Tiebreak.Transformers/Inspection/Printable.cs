namespace Tiebreak.Transformers.Inspection;

/// <summary>Texts out of downloaded files, on their way to a terminal.</summary>
internal static class Printable
{
    /// <summary>The text with U+FFFD for control characters, which could be commands to the terminal.</summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001F') || text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
            ? string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character))
            : text;
}
