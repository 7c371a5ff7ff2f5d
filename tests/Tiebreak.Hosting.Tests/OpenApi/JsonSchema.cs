using System.Text.Json.Nodes;

namespace Tiebreak.Hosting.Tests.OpenApi;

/// <summary>Checks JSON against the part of JSON Schema that the API's description uses.</summary>
/// <param name="document">The description, for references.</param>
internal sealed class JsonSchema(JsonNode document)
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$ref", "additionalProperties", "allOf", "default", "description", "enum", "exclusiveMinimum", "items", "maximum", "maxItems", "minimum",
        "minItems", "oneOf", "properties", "required", "type",
    };

    /// <summary>What is wrong with a value, as paths with reasons.</summary>
    public IEnumerable<string> Errors(JsonNode? value, JsonNode schema, string path = "$")
    {
        foreach (var keyword in schema.AsObject().Select(pair => pair.Key).Where(keyword => !Known.Contains(keyword)))
            yield return $"{path}: the test does not know the keyword {keyword}";
        IEnumerable<string> errors =
        [
            .. schema["$ref"] is { } reference ? Errors(value, Resolve((string)reference!), path) : [],
            .. schema["allOf"] is { } all ? all.AsArray().SelectMany(part => Errors(value, part!, path)) : [],
            .. schema["oneOf"] is { } one && one.AsArray().Count(part => !Errors(value, part!, path).Any()) != 1
                ? new[] { $"{path}: is not exactly one of the alternatives" } : [],
            .. schema["type"] is { } type && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) is "integer" && Types(type).Contains("number"))
                ? new[] { $"{path}: is {TypeOf(value)}" } : [],
            .. schema["enum"] is { } known && !known.AsArray().Any(item => JsonNode.DeepEquals(item, value))
                ? new[] { $"{path}: {value} is not among the known values" } : [],
            .. value is JsonArray items ? OfArray(items, schema, path) : [],
            .. value is JsonObject properties ? OfObject(properties, schema, path) : [],
            .. TypeOf(value) is "number" or "integer" ? OfNumber((double)value!, schema, path) : [],
        ];
        foreach (var error in errors)
            yield return error;
    }

    public JsonNode Resolve(string reference) =>
        reference[2..].Split('/').Aggregate(document, (node, name) => node[name] ?? throw new InvalidOperationException(reference));

    private IEnumerable<string> OfArray(JsonArray items, JsonNode schema, string path) =>
    [
        .. schema["minItems"] is { } least && items.Count < (int)least ? new[] { $"{path}: too few items" } : [],
        .. schema["maxItems"] is { } most && items.Count > (int)most ? new[] { $"{path}: too many items" } : [],
        .. schema["items"] is { } of ? items.SelectMany((item, i) => Errors(item, of, $"{path}[{i}]")) : [],
    ];

    private IEnumerable<string> OfObject(JsonObject value, JsonNode schema, string path)
    {
        var known = schema["properties"]?.AsObject() ?? [];
        foreach (var name in (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !value.ContainsKey(name)))
            yield return $"{path}.{name}: is missing";
        foreach (var (name, property) in value)
        {
            var rest = schema["additionalProperties"];
            if (known[name] is { } of)
            {
                foreach (var error in Errors(property, of, $"{path}.{name}"))
                    yield return error;
            }
            else if (rest is JsonObject others)
            {
                foreach (var error in Errors(property, others, $"{path}.{name}"))
                    yield return error;
            }
            else if (rest is not null && !(bool)rest)
            {
                yield return $"{path}.{name}: is not described";
            }
        }
    }

    private static IEnumerable<string> OfNumber(double value, JsonNode schema, string path) =>
    [
        .. schema["minimum"] is { } least && value < (double)least ? new[] { $"{path}: {value} is too small" } : [],
        .. schema["maximum"] is { } most && value > (double)most ? new[] { $"{path}: {value} is too large" } : [],
    ];

    private static string[] Types(JsonNode type) => type is JsonArray several ? [.. several.Select(one => (string)one!)] : [(string)type!];

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        JsonValue scalar when scalar.GetValueKind() is System.Text.Json.JsonValueKind.String => "string",
        JsonValue scalar when scalar.GetValueKind() is System.Text.Json.JsonValueKind.Number => scalar.TryGetValue<long>(out _) ? "integer" : "number",
        _ => "boolean",
    };
}
