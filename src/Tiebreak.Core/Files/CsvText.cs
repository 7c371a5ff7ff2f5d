namespace Tiebreak.Core.Files;

/// <summary>Texts as cells of CSV (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>The text, in quotes where a comma, a quote or a line end stands in it.</summary>
    public static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
