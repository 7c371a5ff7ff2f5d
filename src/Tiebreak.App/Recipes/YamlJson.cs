using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tiebreak.App.Recipes;

/// <summary>
/// YAML as JSON, with the types of YAML's core schema: quoted scalars are texts, plain ones may be null, booleans or numbers.
/// </summary>
internal static class YamlJson
{
    private const int MaxDepth = 16;
    private const int MaxValues = 10_000;

    /// <summary>Reads a text that is one mapping.</summary>
    /// <param name="subject">How messages begin: <c>The recipe x.yaml</c>.</param>
    /// <param name="text">The YAML.</param>
    /// <exception cref="InputException">
    /// No YAML, no mapping, nested too deep, or too many values, as aliases of aliases make them.
    /// </exception>
    public static JsonObject Read(string subject, string text)
    {
        try
        {
            CheckDepth(subject, text);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var values = 0;
            return yaml.Documents.Count == 1 && Convert(subject, yaml.Documents[0].RootNode, depth: 0, ref values) is JsonObject mapping
                ? mapping
                : throw new InputException($"{subject} is not one YAML mapping of keys and values.");
        }
        catch (YamlException exception)
        {
            throw new InputException($"{subject} is not valid YAML: line {exception.Start.Line}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // YamlDotNet says these to some damaged files, without a place.
            throw new InputException($"{subject} is not valid YAML: {exception.Message}", exception);
        }
    }

    // A recursive reader would run out of stack on a text that is nested deeper than any recipe.
    private static void CheckDepth(string subject, string text)
    {
        var parser = new Parser(new StringReader(text));
        // The stream and the document count as levels.
        for (var depth = -2; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
                throw new InputException($"{subject} is nested deeper than {MaxDepth} levels (line {parser.Current.Start.Line}).");
        }
    }

    // An alias stands for another copy.
    private static JsonNode? Convert(string subject, YamlNode node, int depth, ref int values)
    {
        if (depth > MaxDepth)
            throw new InputException($"{subject} is nested deeper than {MaxDepth} levels (line {node.Start.Line}).");
        if (++values > MaxValues)
            throw new InputException($"{subject} has more than {MaxValues} values, aliases counted (line {node.Start.Line}).");

        switch (node)
        {
            case YamlMappingNode mapping:
                var section = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name } || section.ContainsKey(name))
                        throw new InputException($"{subject} has a key on line {key.Start.Line} that is not a text or stands there twice.");
                    section.Add(name, Convert(subject, value, depth + 1, ref values));
                }

                return section;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var child in sequence.Children)
                    list.Add(Convert(subject, child, depth + 1, ref values));
                return list;
            case YamlScalarNode { Style: ScalarStyle.Plain } plain:
                return ConvertPlain(plain.Value ?? "");
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value);
        }
    }

    /// <summary>Reads a list as it is written within a line: <c>[T, "no"]</c>.</summary>
    /// <param name="subject">How messages begin.</param>
    /// <param name="text">The list.</param>
    /// <exception cref="InputException">No such list.</exception>
    public static JsonNode ReadList(string subject, string text)
    {
        var mapping = Read(subject, $"list: {text}");
        return mapping is { Count: 1 } && mapping["list"] is JsonArray list ? list.DeepClone() : throw new InputException(
            $"{subject} is not one list.");
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
