using System.Text.Json;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>A value in a JSON file that knows where it stands, for sentences about what is wrong with it.</summary>
/// <param name="Element">The value; undefined where it is absent.</param>
/// <param name="Path">The file.</param>
/// <param name="Place">Where in the file: <c>model.vocab</c>.</param>
internal readonly record struct JsonPart(JsonElement Element, string Path, string Place)
{
    /// <summary>Whether there is a value other than null.</summary>
    public bool IsPresent => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsObject => Element.ValueKind is JsonValueKind.Object;

    /// <summary>The kind of component, as its <c>type</c> names it; empty where it has none.</summary>
    public string Type => this["type"].TextOr("");

    /// <summary>A member; absent where this is no object or has no such member.</summary>
    public JsonPart this[string name] => new(
        Element.ValueKind is JsonValueKind.Object && Element.TryGetProperty(name, out var value) ? value : default,
        Path,
        Place.Length == 0 ? name : $"{Place}.{name}");

    /// <summary>Parses a file.</summary>
    /// <exception cref="InputException">It is no JSON.</exception>
    public static JsonPart Parse(byte[] bytes, string path)
    {
        try
        {
            var content = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
            return new JsonPart(JsonDocument.Parse(content).RootElement, path, "");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is not valid JSON, perhaps cut short ({exception.Message}). Download it again.", exception);
        }
    }

    public InputException Error(string what) => new($"{Path}: {(Place.Length == 0 ? "the file" : Place)} {what}");

    public string Text()
    {
        if (Element.ValueKind is not JsonValueKind.String)
            throw Error("must be a text.");
        return StringOf(Element, this);
    }

    public string TextOr(string absent) => IsPresent ? Text() : absent;

    /// <summary>Bytes written in base64.</summary>
    public byte[] Base64() =>
        Element.ValueKind is JsonValueKind.String && Element.TryGetBytesFromBase64(out var bytes) ? bytes : throw Error("must be base64.");

    public bool FlagOr(bool absent) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ when !IsPresent => absent,
        _ => throw Error("must be true or false."),
    };

    public int Number() =>
        Element.ValueKind is JsonValueKind.Number && Element.TryGetInt32(out var number) ? number : throw Error("must be a whole number.");

    /// <summary>A token id.</summary>
    public int Id()
    {
        var id = Number();
        return id is >= 0 and < VocabularyLimits.MaxIds
            ? id
            : throw Error($"is {id}; token ids go from 0 to {VocabularyLimits.MaxIds - 1}.");
    }

    /// <summary>The items of a list; none where it is absent.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (!IsPresent)
            yield break;
        if (Element.ValueKind is not JsonValueKind.Array)
            throw Error("must be a list.");
        var index = 0;
        foreach (var item in Element.EnumerateArray())
            yield return new JsonPart(item, Path, $"{Place}[{index++}]");
    }

    /// <summary>The members of an object.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Members()
    {
        if (Element.ValueKind is not JsonValueKind.Object)
            throw Error("must be an object.");
        foreach (var member in Element.EnumerateObject())
            yield return (NameOf(member, this), new JsonPart(member.Value, Path, Place));
    }

    // System.Text.Json refuses to make strings of lone surrogates.
    private static string StringOf(JsonElement element, JsonPart part)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw part.Error("is not valid Unicode.");
        }
    }

    private static string NameOf(JsonProperty member, JsonPart part)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw part.Error("has a name that is not valid Unicode.");
        }
    }
}
