namespace Tiebreak.Text;

/// <summary>The word lists behind <see cref="Tone"/>: lines of <c>lexicon.txt</c> of the form "category: words", every word in one category.</summary>
internal static class Lexicon
{
    /// <summary>No word of the lists is longer.</summary>
    public const int LongestWord = 24;

    private static readonly string[] Names =
        ["positive", "negative", "hedge", "booster", "connective", "courtesy", "first person", "second person", "negation"];

    private static readonly Dictionary<string, int> Words = Load();
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many categories there are.</summary>
    public static int Categories => Names.Length;

    /// <summary>The category of a word in lower case, or -1.</summary>
    public static int CategoryOf(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var category) ? category : -1;

    private static Dictionary<string, int> Load()
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream("Tiebreak.Text.lexicon.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;

            var parts = line.Split(':', 2);
            var category = Array.IndexOf(Names, parts[0]);
            foreach (var word in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.Length > LongestWord)
                    throw new InvalidOperationException($"lexicon.txt: {word} is longer than {LongestWord} letters.");
                words.Add(word, category); // throws on a word that stands there twice
            }
        }

        return words;
    }
}
