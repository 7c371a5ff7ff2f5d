using System.Text;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>Where a field lies in the text.</summary>
/// <param name="Start">The first byte of the content, behind the opening quote.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="HasQuotes">True if the content holds doubled quotes, each of which stands for one.</param>
internal readonly record struct CsvField(int Start, int Length, bool HasQuotes)
{
    /// <summary>
    /// True for nothing at all between two commas, which is what data frames write for a missing value; quotes with nothing between are an
    /// empty text.
    /// </summary>
    public bool IsMissing(ReadOnlySpan<byte> text) => Length == 0 && (Start == 0 || text[Start - 1] != (byte)'"');

    /// <summary>The content with doubled quotes.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> text) => text.Slice(Start, Length);

    /// <summary>The content with single quotes: from the text itself, or from the buffer where quotes had to be removed.</summary>
    /// <param name="text">The text that the field lies in.</param>
    /// <param name="buffer">At least as long as the field.</param>
    public ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        var raw = Raw(text);
        if (!HasQuotes)
            return raw;

        var length = 0;
        while (true)
        {
            var quote = raw.IndexOf((byte)'"');
            if (quote < 0)
            {
                raw.CopyTo(buffer[length..]);
                return buffer[..(length + raw.Length)];
            }

            raw[..(quote + 1)].CopyTo(buffer[length..]);
            length += quote + 1;
            raw = raw[(quote + 2)..];
        }
    }

    /// <summary>The content as a string; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text(ReadOnlySpan<byte> text)
    {
        var content = Encoding.UTF8.GetString(Raw(text));
        return HasQuotes ? content.Replace("\"\"", "\"", StringComparison.Ordinal) : content;
    }
}
