using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tiebreak.Data.Layouts;

/// <summary>The tags of a row: what its source files it under.</summary>
internal static class RecordTags
{
    /// <summary>
    /// The tags in some columns: a text is one tag and a list several; a truth value that is true gives the name that it stands under, in
    /// objects at any depth (the Arena's <c>category_tag: {math_v0.1: {math: true}}</c> is "math").
    /// </summary>
    public static IReadOnlyList<string> Of(Record record, params ReadOnlySpan<string> names)
    {
        var tags = new List<string>();
        foreach (var name in names)
            Add(name, record[name], tags);
        return tags;
    }

    /// <summary>Tags as a JSON list.</summary>
    public static string ToText(IReadOnlyList<string> tags)
    {
        var list = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(list))
        {
            writer.WriteStartArray();
            foreach (var tag in tags)
                writer.WriteStringValue(tag);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(list.WrittenSpan);
    }

    /// <summary>The tags in a text: those of the JSON list or object that it is, or else the text itself; none where it is blank.</summary>
    public static IReadOnlyList<string> OfText(string text)
    {
        var tags = new List<string>();
        if (text is not (['[', ..] or ['{', ..]))
        {
            Add(name: "", text, tags);
            return tags;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            Add(name: "", JsonValue.Read(ref reader), tags);
        }
        catch (JsonException)
        {
            tags.Add(text);
        }

        return tags;
    }

    private static void Add(string name, object? value, List<string> tags)
    {
        switch (value)
        {
            case true:
                tags.Add(name);
                break;
            case string { Length: > 0 } text:
                tags.Add(text);
                break;
            case List<object?> items:
                tags.AddRange(items.OfType<string>().Where(item => item.Length > 0));
                break;
            case Dictionary<string, object?> values:
                foreach (var (key, inner) in values)
                {
                    if (inner is bool or Dictionary<string, object?>)
                        Add(key, inner, tags);
                }

                break;
        }
    }
}
