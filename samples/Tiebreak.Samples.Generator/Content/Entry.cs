namespace Tiebreak.Samples.Generator.Content;

/// <summary>One entry of a content file: a name and lists of texts under short keys.</summary>
internal sealed class Entry(string name)
{
    private readonly Dictionary<string, List<string>> _texts = new(StringComparer.Ordinal);

    /// <summary>The name, which stands behind the hash sign.</summary>
    public string Name { get; } = name;

    /// <summary>All texts under a key; empty when there are none.</summary>
    public IReadOnlyList<string> All(string key) => _texts.TryGetValue(key, out var texts) ? texts : [];

    /// <summary>The first text under a key.</summary>
    public string One(string key) => All(key).Count > 0 ? All(key)[0] : throw new InvalidDataException($"'{Name}' has no '{key}'.");

    /// <summary>Adds a text under a key.</summary>
    public void Add(string key, string text)
    {
        if (!_texts.TryGetValue(key, out var texts)) _texts[key] = texts = [];
        texts.Add(text);
    }
}
