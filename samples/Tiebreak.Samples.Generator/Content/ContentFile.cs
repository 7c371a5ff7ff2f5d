using System.Text;

namespace Tiebreak.Samples.Generator.Content;

/// <summary>
/// Reads the embedded content files: <c># name</c> begins an entry, <c>key: text</c> adds a text,
/// and an empty text begins a block that a lone dot ends. Lines that begin with <c>//</c> are remarks outside blocks.
/// </summary>
internal static class ContentFile
{
    /// <summary>All entries of a file, in its order.</summary>
    public static List<Entry> Read(string file)
    {
        using var stream = typeof(ContentFile).Assembly.GetManifestResourceStream(file)
            ?? throw new FileNotFoundException("No such content file.", file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var entries = new List<Entry>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)) continue;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                entries.Add(new Entry(line[2..]));
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || entries.Count == 0) throw new InvalidDataException($"{file}: '{line}' is neither an entry nor a text.");
            var text = line[(colon + 1)..].Trim();
            entries[^1].Add(line[..colon], text.Length > 0 ? text : Block(reader, file));
        }

        return entries;
    }

    private static string Block(StreamReader reader, string file)
    {
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (string.Equals(line, ".", StringComparison.Ordinal)) return string.Join('\n', lines);
            lines.Add(line);
        }

        throw new InvalidDataException($"{file}: a block has no end.");
    }
}
