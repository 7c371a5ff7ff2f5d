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
    private const int MaxValues = 10_000;

    /// <summary>Refuses a text that is nested deeper than any recipe, before a recursive reader runs out of stack on it.</summary>
    /// <exception cref="InputException">Nested too deep.</exception>
    /// <exception cref="YamlException">Not YAML.</exception>
    public static void CheckDepth(string name, string text)
    {
        var parser = new Parser(new StringReader(text));
        // The stream and the document count as levels.
        for (var depth = -2; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
                throw new InputException($"The recipe {name} is nested deeper than {MaxDepth} levels (line {parser.Current.Start.Line}).");
        }
    }

    /// <summary>Converts a node and what it holds; an alias stands for another copy.</summary>
    /// <exception cref="InputException">Deeper than any recipe, or more values, as aliases of aliases make them.</exception>
    public static JsonNode? Convert(YamlNode node)
    {
        var values = 0;
        return Convert(node, depth: 0, ref values);
    }

    private static JsonNode? Convert(YamlNode node, int depth, ref int values)
    {
        if (depth > MaxDepth)
            throw new InputException($"The recipe is nested deeper than {MaxDepth} levels (line {node.Start.Line}).");
        if (++values > MaxValues)
            throw new InputException($"The recipe has more than {MaxValues} values, aliases counted (line {node.Start.Line}).");

        switch (node)
        {
            case YamlMappingNode mapping:
                var section = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name } || section.ContainsKey(name))
                        throw new InputException($"The recipe has a key on line {key.Start.Line} that is not a text or stands there twice.");
                    section.Add(name, Convert(value, depth + 1, ref values));
                }

                return section;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var child in sequence.Children)
                    list.Add(Convert(child, depth + 1, ref values));
                return list;
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
