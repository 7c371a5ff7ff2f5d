using Tiebreak.Samples.Generator.Chance;

namespace Tiebreak.Samples.Generator.Content;

/// <summary>A language: its topics, its ways to ask and its set phrases.</summary>
internal sealed class Tongue(string name, string code)
{
    private readonly Dictionary<string, Entry> _glue =
        ContentFile.Read($"glue.{code}.txt").ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    public string Name { get; } = name;

    public string Code { get; } = code;

    public IReadOnlyList<Entry> Topics { get; } = ContentFile.Read($"topics.{code}.txt");

    /// <summary>All wordings under a key.</summary>
    public IReadOnlyList<string> Wordings(string key) => _glue[key].All("v");

    /// <summary>One of the wordings under a key.</summary>
    public string Say(Dice dice, string key) => dice.Pick(Wordings(key));
}
