using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tiebreak.App.Recipes;

/// <summary>
/// Writes keys and values as YAML: sections as indented lines, everything else as JSON writes it, which YAML reads as the same value.
/// </summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions Inline = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a file.</summary>
    public static string Of(JsonObject keys)
    {
        var text = new StringBuilder();
        Write(text, keys, indent: "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonObject keys, string indent)
    {
        foreach (var (name, value) in keys)
        {
            text.Append(indent).Append(KeyOf(name)).Append(':');
            if (value is JsonObject { Count: > 0 } section)
            {
                text.Append('\n');
                Write(text, section, indent + "  ");
            }
            else
            {
                text.Append(' ').Append(value is null ? "null" : value.ToJsonString(Inline)).Append('\n');
            }
        }
    }

    private static string KeyOf(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            ? name
            : JsonValue.Create(name).ToJsonString(Inline);
}
