using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tiebreak.Core.Json;

/// <summary>
/// Strings out of JSON as the world writes it. Lone surrogates (<c>"\ud83d"</c>, frequent in chat logs) make System.Text.Json throw;
/// here each becomes U+FFFD, so that every text is valid Unicode from then on.
/// </summary>
internal static class JsonText
{
    private const int MostPooled = 8192;

    /// <summary>The string (or property name) that the reader stands on.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        if (!reader.HasValueSequence)
            return reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : Encoding.UTF8.GetString(reader.ValueSpan);

        var bytes = reader.ValueSequence.ToArray();
        return reader.ValueIsEscaped ? Unescape(bytes) : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Like <see cref="Read"/>, with JSON null as null.</summary>
    /// <exception cref="JsonException">The value is neither a string nor null.</exception>
    public static string? ReadOrNull(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => Read(ref reader),
        _ => throw new JsonException($"expected a string or null, found {reader.TokenType}"),
    };

    /// <summary>Any value as it is written; what is no UTF-8 becomes U+FFFD. The reader ends on the value's last token.</summary>
    public static string ReadRaw(ref Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)));

    /// <summary>
    /// A list of strings and nulls: <c>["Hi", null]</c>. The reader stands on the opening bracket and ends on the closing one.
    /// </summary>
    /// <exception cref="JsonException">Not a list of strings and nulls.</exception>
    public static List<string?> ReadList(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException($"expected a list, found {reader.TokenType}");

        var items = new List<string?>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadOrNull(ref reader));
        return items;
    }

    /// <summary>
    /// Refuses a document of which some string or name cannot be read as text: settings are programs' files, where nothing is to be
    /// repaired.
    /// </summary>
    /// <exception cref="JsonException">A string holds half of a surrogate pair, or bytes that are no UTF-8.</exception>
    public static void RequireUnicode(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    _ = element.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        RequireUnicode(item);
                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                    {
                        _ = property.Name;
                        RequireUnicode(property.Value);
                    }

                    break;
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("a text in it is not Unicode", exception);
        }
    }

    /// <summary>What is wrong with a document, on one line: the message may quote the document, line ends included.</summary>
    public static string Reason(JsonException exception) =>
        string.Join(' ', exception.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Resolves the escapes of a JSON string whose syntax a <see cref="Utf8JsonReader"/> has already checked.</summary>
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        // UTF-16 never needs more units than the escaped UTF-8 has bytes. Long texts get an array of their own, because the pool would
        // keep one for every thread that ever read one.
        if (escaped.Length > MostPooled)
            return Unescape(escaped, GC.AllocateUninitializedArray<char>(escaped.Length));

        var buffer = ArrayPool<char>.Shared.Rent(escaped.Length);
        try
        {
            return Unescape(escaped, buffer);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static string Unescape(ReadOnlySpan<byte> escaped, char[] buffer) => new(buffer, 0, UnescapeTo(buffer, escaped));

    private static int UnescapeTo(Span<char> buffer, ReadOnlySpan<byte> escaped)
    {
        var length = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
                return length + Encoding.UTF8.GetChars(escaped, buffer[length..]);

            length += Encoding.UTF8.GetChars(escaped[..plain], buffer[length..]);
            var kind = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (kind != 'u')
            {
                buffer[length++] = Simple(kind);
                continue;
            }

            var unit = Hex(escaped);
            escaped = escaped[4..];
            if (char.IsHighSurrogate(unit) && escaped.StartsWith("\\u"u8) && char.IsLowSurrogate(Hex(escaped[2..])))
            {
                buffer[length++] = unit;
                buffer[length++] = Hex(escaped[2..]);
                escaped = escaped[6..];
                continue;
            }

            buffer[length++] = char.IsSurrogate(unit) ? '\uFFFD' : unit;
        }
    }

    private static char Simple(byte kind) => (char)kind switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        var same => same,
    };

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        _ = Utf8Parser.TryParse(digits[..4], out ushort value, out _, 'x');
        return (char)value;
    }
}
