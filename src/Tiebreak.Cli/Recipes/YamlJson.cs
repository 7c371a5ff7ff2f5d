using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tiebreak.Cli.Recipes;

/// <summary>YAML as JSON, with the types of YAML's core schema: quoted scalars are texts, plain ones may be null, booleans or numbers.</summary>
internal static class YamlJson
{
    private const int MaxDepth = 16;

    /// <exception cref="InputException">Nested deeper than any recipe.</exception>
    public static JsonNode? Convert(YamlNode node, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new InputException($"The recipe is nested deeper than {MaxDepth} levels (line {node.Start.Line}).");

        switch (node)
        {
            case YamlMappingNode mapping:
                var section = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                    section.Add(key.ToString(), Convert(value, depth + 1));
                return section;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(child => Convert(child, depth + 1))]);
            case YamlScalarNode { Style: ScalarStyle.Plain } plain:
                return ConvertPlain(plain.Value ?? "");
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value);
        }
    }

    /// <summary>The value of an unquoted scalar.</summary>
    public static JsonNode? ConvertPlain(string text)
    {
        if (text is "" or "~" or "null")
            return null;
        if (text is "true" or "false")
            return JsonValue.Create(text is "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
