using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Json;

namespace Tiebreak.Transformers.Configuration;

/// <summary>
/// The <c>config.json</c> of a Hugging Face folder, or one section of it. Every value is checked when it is asked for; a field that is
/// missing or makes no sense is named in one sentence. An optional field that is absent has the default that transformers gives it.
/// </summary>
internal sealed class ModelConfig
{
    // Far above any model, and low enough that products of two sizes do not overflow.
    private const int Largest = 1 << 28;

    private const long MostBytes = 64 << 20;

    private readonly JsonElement _fields;
    private readonly int? _labelCount;
    private readonly ModelConfig? _defaults;
    private readonly ISet<string>? _asked;

    private ModelConfig(
        string path, JsonElement fields, int? labelCount = null, ModelConfig? defaults = null, ISet<string>? asked = null)
    {
        Path = path;
        _fields = fields;
        _labelCount = labelCount;
        _defaults = defaults;
        _asked = asked;
    }

    /// <summary>The file (and section) for messages.</summary>
    public string Path { get; }

    /// <summary>The family that the file names, as transformers spells it: <c>llama</c>, <c>deberta-v2</c>.</summary>
    public string ModelType => Text("model_type");

    /// <summary>
    /// The classes that the checkpoint was saved from: <c>LlamaForSequenceClassification</c>; empty where the file does not say.
    /// </summary>
    public IReadOnlyList<string> Architectures => TextsOrNull("architectures") ?? [];

    /// <summary>
    /// Outputs of a classification head: the labels of <c>id2label</c>, else <c>num_labels</c>, else 2, as in transformers.
    /// </summary>
    public int LabelCount => _labelCount is { } known ? known
        : Find("id2label") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Count()
        : Count("num_labels", 2);

    /// <summary>True if the file says how many labels there are.</summary>
    public bool NamesLabels => Has("id2label") || Has("num_labels");

    /// <summary>The names of the labels by their number; empty where the file does not say.</summary>
    public IReadOnlyList<string> LabelNames => Find("id2label") is { ValueKind: JsonValueKind.Object } labels
        ? [.. labels.EnumerateObject().OrderBy(label =>
            int.TryParse(label.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue)
            .Select(label => label.Value.ToString())]
        : [];

    /// <summary>Reads <c>config.json</c> of a checkpoint's folder.</summary>
    /// <exception cref="InputException">There is no such file, or it is not a JSON object.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, "config.json");
        if (File.Exists(path))
            return ReadFile(path);

        var adapter = System.IO.Path.Combine(folder, "adapter_config.json");
        if (!File.Exists(adapter))
            throw new InputException($"{folder} holds no config.json; give the folder of a Hugging Face checkpoint.");
        var baseModel = ReadFile(adapter).TextOrNull("base_model_name_or_path") ?? "a model that it does not name";
        throw new InputException(
            $"{folder} is a PEFT adapter for {baseModel}: give the folder of that model, and this one as `adapter`.")
        {
            Parameters = ["adapter"],
        };
    }

    /// <summary>Reads a file of settings that is there.</summary>
    /// <exception cref="InputException">It is not a JSON object.</exception>
    public static ModelConfig ReadFile(string path) => FileSize.Of(path) <= MostBytes
        ? Parse(File.ReadAllBytes(path), path)
        : throw new InputException($"{path} is larger than any model's configuration; get it again from where the model was published.");

    /// <summary>Parses a configuration.</summary>
    /// <param name="utf8">JSON text.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <exception cref="InputException">Not a JSON object.</exception>
    public static ModelConfig Parse(ReadOnlyMemory<byte> utf8, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            JsonText.RequireUnicode(document.RootElement);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new ModelConfig(path, document.RootElement.Clone())
                : throw new InputException($"{path} is not a JSON object; it is not a model's configuration.");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is not valid JSON: {JsonText.Reason(exception)}", exception);
        }
    }

    /// <summary>The same configuration with another number of labels: an adapter may bring the head, and with it their number.</summary>
    public ModelConfig WithLabelCount(int count) => new(Path, _fields, count, _defaults, _asked);

    /// <summary>The same configuration with values for fields that it leaves out; a field that is null stays null.</summary>
    public ModelConfig WithDefaults(ModelConfig defaults) => new(Path, _fields, _labelCount, defaults, _asked);

    /// <summary>The same configuration, which notes the names of fields that are asked for, in it and in its sections.</summary>
    public ModelConfig Noting(ISet<string> asked) => new(Path, _fields, _labelCount, _defaults, asked);

    /// <summary>The same configuration with another value of a field, where the files show that the stated one does not hold.</summary>
    /// <param name="key">The field.</param>
    /// <param name="value">A number, or true or false.</param>
    public ModelConfig With(string key, JsonNode value)
    {
        using var document = JsonDocument.Parse(new JsonObject { [key] = value }.ToJsonString());
        return new ModelConfig(Path, document.RootElement.Clone(), _labelCount, defaults: this, _asked);
    }

    /// <summary>Names of the fields that are there, null or not.</summary>
    public IEnumerable<string> FieldNames => _fields.EnumerateObject().Select(item => item.Name);

    /// <summary>True if the field is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>True if the field says something: it is there, and is not null, false, or an empty list or object.</summary>
    public bool IsSet(string key) => Find(key) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0,
        { ValueKind: JsonValueKind.Object } section => section.EnumerateObject().Any(),
        _ => true,
    };

    /// <summary>True if the field is a string.</summary>
    public bool IsText(string key) => Find(key) is { ValueKind: JsonValueKind.String };

    /// <summary>True if the field is an object.</summary>
    public bool IsSection(string key) => Find(key) is { ValueKind: JsonValueKind.Object };

    /// <summary>A nested object; null where it is absent or null.</summary>
    public ModelConfig? Section(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } section => new ModelConfig($"{Path}, {key}", section, asked: _asked),
        var other => throw Wrong(key, other.Value, "an object"),
    };

    /// <summary>A required whole number of 1 or more.</summary>
    public int Count(string key) => CountOrNull(key) ?? throw Missing(key);

    /// <summary>A required whole number of 1 or more that decides how much is built, and so is bounded.</summary>
    /// <param name="key">The field.</param>
    /// <param name="most">Far above any published model.</param>
    public int CountUpTo(string key, int most) =>
        Count(key) is var value && value <= most ? value : throw Wrong(key, Find(key)!.Value, $"a whole number from 1 to {most}");

    /// <summary>A whole number of 1 or more, with a default.</summary>
    public int Count(string key, int fallback) => CountOrNull(key) ?? fallback;

    /// <summary>A whole number of 1 or more; null where it is absent or null.</summary>
    public int? CountOrNull(string key) => WholeOrNull(key) switch
    {
        null => null,
        >= 1 and var value => value,
        _ => throw Wrong(key, Find(key)!.Value, $"a whole number from 1 to {Largest}"),
    };

    /// <summary>A whole number of any sign (-1 often stands for "none"); null where it is absent or null.</summary>
    public int? WholeOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value is >= -Largest and <= Largest => value,
        var other => throw Wrong(key, other.Value, "a whole number"),
    };

    /// <summary>A required number.</summary>
    public double Number(string key) => NumberOrNull(key) ?? throw Missing(key);

    /// <summary>A number with a default.</summary>
    public double Number(string key, double fallback) => NumberOrNull(key) ?? fallback;

    /// <summary>A number; null where it is absent or null.</summary>
    public double? NumberOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when double.IsFinite(number.GetDouble()) => number.GetDouble(),
        var other => throw Wrong(key, other.Value, "a number"),
    };

    /// <summary>The probability of dropout, from 0 to below 1, with a default.</summary>
    public double Dropout(string key, double fallback) => Number(key, fallback) is var value && value is >= 0 and < 1
        ? value
        : throw Wrong(key, Find(key)!.Value, "a number from 0 to below 1");

    /// <summary>True or false, with a default.</summary>
    public bool Flag(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        var other => throw Wrong(key, other.Value, "true or false"),
    };

    /// <summary>A required string.</summary>
    public string Text(string key) => TextOrNull(key) ?? throw Missing(key);

    /// <summary>A string; null where it is absent or null.</summary>
    public string? TextOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when IsLine(text) => text.GetString(),
        var other => throw Wrong(key, other.Value, "a string"),
    };

    /// <summary>A list of strings; null where it is absent or null.</summary>
    public IReadOnlyList<string>? TextsOrNull(string key)
    {
        if (Find(key) is not { } field)
            return null;
        if (field.ValueKind is not JsonValueKind.Array
            || field.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.String || !IsLine(item)))
        {
            throw Wrong(key, field, "a list of strings");
        }

        return [.. field.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>A required list of numbers.</summary>
    /// <param name="key">The field.</param>
    /// <param name="length">How many numbers it must hold.</param>
    public IReadOnlyList<double> Numbers(string key, int length)
    {
        var field = Find(key) ?? throw Missing(key);
        if (field.ValueKind is not JsonValueKind.Array || field.GetArrayLength() != length
            || field.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.Number))
        {
            throw Wrong(key, field, $"a list of {length} numbers");
        }

        return [.. field.EnumerateArray().Select(item => item.GetDouble())];
    }

    /// <summary>A list of whole numbers, or one that stands for a list; null where it is absent or null.</summary>
    public IReadOnlyList<int>? WholesOrNull(string key)
    {
        if (Find(key) is not { } field)
            return null;
        if (field.ValueKind is not JsonValueKind.Array)
            return [WholeOrNull(key)!.Value];

        var numbers = new List<int>();
        foreach (var item in field.EnumerateArray())
        {
            numbers.Add(item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out var value)
                ? value
                : throw Wrong(key, field, "a list of whole numbers"));
        }

        return numbers;
    }

    /// <summary>An object of names and numbers; empty where it is absent or null.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> NumberMap(string key)
    {
        if (Find(key) is not { } field)
            return [];
        if (field.ValueKind is not JsonValueKind.Object
            || field.EnumerateObject().Any(item => item.Value.ValueKind is not JsonValueKind.Number))
        {
            throw Wrong(key, field, "an object of names and numbers");
        }

        return [.. field.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.GetDouble()))];
    }

    /// <summary>The sentence for a value that makes no sense.</summary>
    /// <param name="key">The field.</param>
    /// <param name="expected">What it can be: <c>an even number</c>.</param>
    public InputException Unsupported(string key, string expected) =>
        Find(key) is { } field ? Wrong(key, field, expected) : Missing(key);

    /// <summary>The sentence for a value that makes sense, but that this program does not compute.</summary>
    /// <param name="key">The field.</param>
    /// <param name="computed">What it computes: <c>silu and gelu</c>.</param>
    public InputException NotComputed(string key, string computed) => Find(key) is { } field
        ? new InputException($"{Path}: Tiebreak does not compute models whose \"{key}\" is {Short(field)}; it computes {computed}.")
        : Missing(key);

    // Names are quoted in messages, which are one line.
    private static bool IsLine(JsonElement text) => !text.GetString()!.Any(char.IsControl);

    private JsonElement? Find(string key)
    {
        _ = _asked?.Add(key);
        return _fields.TryGetProperty(key, out var field)
            ? field.ValueKind is JsonValueKind.Null ? null : field
            : _defaults?.Find(key);
    }

    private InputException Missing(string key) =>
        new($"{Path} has no \"{key}\", which this model needs; get the file again from where the model was published.");

    private InputException Wrong(string key, JsonElement value, string expected) =>
        new($"{Path}: \"{key}\" is {Short(value)}; it must be {expected}.");

    private static string Short(JsonElement value)
    {
        var text = string.Join(' ', value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 60 ? text[..60] + "..." : text;
    }
}
