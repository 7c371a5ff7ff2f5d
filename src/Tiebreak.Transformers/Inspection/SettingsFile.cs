using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Inspection;

/// <summary>
/// A JSON file of a checkpoint's folder (<c>config.json</c>, <c>adapter_config.json</c>), to be shown: a field of another type than asked
/// for is as good as absent.
/// </summary>
internal sealed class SettingsFile
{
    private const long MostBytes = 16 << 20;

    private readonly JsonObject _fields;

    private SettingsFile(JsonObject fields) => _fields = fields;

    /// <summary>Reads the file, or returns null where it is not there.</summary>
    /// <exception cref="InputException">It is no JSON object, or a pointer or web page in the place of one.</exception>
    public static SettingsFile? ReadOrNull(string path)
    {
        if (!File.Exists(path))
            return null;
        if (FileSize.Of(path) is > MostBytes and var size)
            throw new InputException($"{path} has {size:N0} bytes, more than any configuration.");
        ForeignContent.Refuse(path);
        try
        {
            var node = JsonNode.Parse(
                File.ReadAllBytes(path), nodeOptions: null, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return node is JsonObject fields
                ? new SettingsFile(fields)
                : throw new InputException($"{path} is not a JSON object; it is no configuration of a model.");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>A nested object, or null.</summary>
    public SettingsFile? Section(string key) => _fields[key] is JsonObject section ? new SettingsFile(section) : null;

    /// <summary>A whole number, or null.</summary>
    public long? Number(string key) => _fields[key] is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>True if the field is <c>true</c>.</summary>
    public bool IsTrue(string key) => _fields[key] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>A text that can be shown, or null.</summary>
    public string? Text(string key) => TextOf(_fields[key]);

    /// <summary>A list of texts; one text is a list of one, anything else is none.</summary>
    public IReadOnlyList<string> Texts(string key) => _fields[key] switch
    {
        JsonArray list => [.. list.Select(TextOf).OfType<string>()],
        var one => TextOf(one) is { } text ? [text] : [],
    };

    /// <summary>How many things a list holds, or the lists of an object together; 0 where there is neither.</summary>
    public int Count(string key) => _fields[key] switch
    {
        JsonArray list => list.Count,
        JsonObject lists => lists.Sum(list => (list.Value as JsonArray)?.Count ?? 0),
        _ => 0,
    };

    /// <summary>The texts of <c>{"0": "A", "1": "B"}</c> in the order of their numbers.</summary>
    public IReadOnlyList<string> NumberedTexts(string key) => _fields[key] is JsonObject map
        ? [.. map.OrderBy(item => int.TryParse(item.Key, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue)
            .Select(item => TextOf(item.Value) ?? "?")]
        : [];

    private static string? TextOf(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue(out string? text) ? Printable.Of(text) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }
}
