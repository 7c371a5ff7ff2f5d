namespace Tiebreak.Transformers.Embeddings;

/// <summary>
/// What the header of a model card says: <c>README.md</c> of a folder, which begins with YAML between two lines of <c>---</c>.
/// </summary>
internal static class ModelCard
{
    private const int MostLines = 1000;
    private const string Fence = "---";

    // ISO 639-1, for the languages that embedding models are published for one by one.
    private static readonly Dictionary<string, string> Names = new[]
    {
        "ar Arabic", "cs Czech", "da Danish", "de German", "en English", "es Spanish", "fa Persian", "fi Finnish", "fr French", "hi Hindi",
        "id Indonesian", "it Italian", "ja Japanese", "ko Korean", "nl Dutch", "no Norwegian", "pl Polish", "pt Portuguese", "ru Russian",
        "sv Swedish", "th Thai", "tr Turkish", "uk Ukrainian", "vi Vietnamese", "zh Chinese",
    }.ToDictionary(pair => pair[..2], pair => pair[3..], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The languages that a folder's model was trained for, by their English names; empty where the card does not say, or names others
    /// (<c>multilingual</c>).
    /// </summary>
    public static IReadOnlyList<string> Languages(string folder)
    {
        var path = Path.Combine(folder, "README.md");
        string[] header = File.Exists(path) ? [.. Header(path)] : [];
        var at = Array.FindIndex(header, line => line.StartsWith("language:", StringComparison.Ordinal));
        if (at < 0)
            return [];

        // In one line, as one word or as a list in brackets, or one a line with a dash before it.
        var inline = header[at]["language:".Length..].Trim().Trim('[', ']');
        var codes = inline.Length > 0
            ? inline.Split(',')
            : header.Skip(at + 1).Select(line => line.TrimStart()).TakeWhile(line => line.StartsWith("- ", StringComparison.Ordinal))
                .Select(line => line[2..]);
        string[] plain = [.. codes.Select(code => code.Trim().Trim('"', '\''))];
        return Array.TrueForAll(plain, Names.ContainsKey) ? Array.ConvertAll(plain, code => Names[code]) : [];
    }

    private static IEnumerable<string> Header(string path)
    {
        using var lines = File.ReadLines(path).Take(MostLines).GetEnumerator();
        if (!lines.MoveNext() || lines.Current.TrimEnd() is not Fence)
            yield break;
        while (lines.MoveNext() && lines.Current.TrimEnd() is not Fence)
            yield return lines.Current;
    }
}
