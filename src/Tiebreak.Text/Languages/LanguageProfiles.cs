using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Tiebreak.Text.Languages;

/// <summary>The evidence that words, endings and letters give for languages, read from <c>profiles.txt</c> beside this file.</summary>
internal sealed class LanguageProfiles
{
    /// <summary>The longest word or ending that can be evidence, in UTF-16 units.</summary>
    public const int LongestWord = 24;

    private readonly FrozenDictionary<string, Evidence[]>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly FrozenDictionary<string, Evidence[]>.AlternateLookup<ReadOnlySpan<char>> _endings;
    private readonly FrozenDictionary<char, Evidence[]> _letters;

    private LanguageProfiles(IReadOnlyList<string[]> lines)
    {
        Names = [.. lines.Select(line => line[1])];
        Scripts = [.. lines.Select(line => Enum.Parse<Script>(line[0]))];

        _words = Gather(lines, 2, word => word.Length switch { 1 => 0.3f, 2 => 0.6f, _ => 1f }).GetAlternateLookup<ReadOnlySpan<char>>();
        _endings = Gather(lines, 4, ending => ending.Length switch { 2 => 0.15f, 3 => 0.25f, _ => 0.35f })
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _letters = lines.SelectMany((line, language) => line[3].Trim().Select(letter => (letter, language)))
            .GroupBy(pair => pair.letter)
            .ToFrozenDictionary(group => group.Key, group => ForAndAgainst(group.Key, [.. group.Select(pair => pair.language)]));
    }

    /// <summary>The profiles of this library.</summary>
    public static LanguageProfiles Default { get; } = Read();

    /// <summary>The languages' names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The script of each language.</summary>
    public IReadOnlyList<Script> Scripts { get; }

    /// <summary>The language of a script that is most frequent in the Arena: the first of its lines.</summary>
    public int MostFrequent(Script script)
    {
        for (var i = 0; i < Scripts.Count; i++)
        {
            if (Scripts[i] == script)
                return i;
        }

        return -1;
    }

    /// <summary>Adds what a word says for each language.</summary>
    /// <param name="word">The word in lower case, at most <see cref="LongestWord"/> long.</param>
    /// <param name="scores">One sum per language.</param>
    public void AddWord(ReadOnlySpan<char> word, Span<float> scores)
    {
        if (!Add(_words, word, scores) && word.IndexOfAny('\'', '\u2019') is var elision and > 0)
        {
            // French and Italian write l'eau, dell'acqua: both halves are words.
            Add(_words, word[..elision], scores);
            Add(_words, word[(elision + 1)..], scores);
        }

        for (var length = Math.Min(5, word.Length - 2); length >= 2; length--)
        {
            if (Add(_endings, word[^length..], scores))
                break; // the longest ending includes the shorter ones
        }

        foreach (var letter in word)
        {
            if (letter >= 128 && _letters.TryGetValue(letter, out var evidence))
                Add(evidence, scores);
        }
    }

    private static bool Add(
        FrozenDictionary<string, Evidence[]>.AlternateLookup<ReadOnlySpan<char>> table, ReadOnlySpan<char> key, Span<float> scores)
    {
        if (!table.TryGetValue(key, out var evidence))
            return false;
        Add(evidence, scores);
        return true;
    }

    private static void Add(Evidence[] evidence, Span<float> scores)
    {
        foreach (var (language, weight) in evidence)
            scores[language] += weight;
    }

    // What many languages share says little about each of them.
    private static FrozenDictionary<string, Evidence[]> Gather(IReadOnlyList<string[]> lines, int column, Func<string, float> weight) =>
        lines.SelectMany((line, language) => line[column].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(key => (key, language)))
            .Distinct()
            .GroupBy(pair => pair.key, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.Select(pair => new Evidence(pair.language, weight(group.Key) / MathF.Sqrt(group.Count()))).ToArray(),
                StringComparer.Ordinal);

    // A letter speaks for the languages that have it and against the others of its script.
    private Evidence[] ForAndAgainst(char letter, HashSet<int> owners)
    {
        const float Weight = 0.3f;
        var script = Languages.Scripts.Of(letter);
        return
        [
            .. Enumerable.Range(0, Names.Count).Where(language => Scripts[language] == script)
                .Select(language => new Evidence(language, owners.Contains(language) ? Weight / MathF.Sqrt(owners.Count) : -Weight)),
        ];
    }

    private static LanguageProfiles Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Tiebreak.Text.Languages.profiles.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.ToLower(CultureInfo.InvariantCulture).Split('|') is var lower
                ? [.. line.Split('|', 3, StringSplitOptions.TrimEntries)[..2], .. lower[2..]]
                : Array.Empty<string>());
        return new LanguageProfiles([.. lines]);
    }

    private readonly record struct Evidence(int Language, float Weight);
}
