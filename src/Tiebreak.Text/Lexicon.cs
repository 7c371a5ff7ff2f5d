using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Text;

/// <summary>
/// The word lists behind <see cref="Tone"/>: lines of <c>lexicon.txt</c> of the form "category: words", every word in one category.
/// </summary>
internal static class Lexicon
{
    private static readonly string[] Names =
        ["positive", "negative", "hedge", "booster", "connective", "courtesy", "first person", "second person", "negation"];

    private static readonly (HashIndex Words, int[] Categories) Lists = Load();

    /// <summary>How many categories there are.</summary>
    public static int Categories => Names.Length;

    /// <summary>The category of a word, or -1.</summary>
    /// <param name="hash">The hash of its lower-case form; see <see cref="WordScan.Hashes"/>.</param>
    public static int CategoryOf(ulong hash) => Lists.Words.Find(hash) is var word and >= 0 ? Lists.Categories[word] : -1;

    private static (HashIndex Words, int[] Categories) Load()
    {
        var words = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream("Tiebreak.Text.lexicon.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;

            var parts = line.Split(':', 2);
            var category = Array.IndexOf(Names, parts[0]);
            foreach (var word in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                words.Add(word, category); // throws on a word that stands there twice
        }

        return (
            new HashIndex([.. words.Keys.Select(word => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word.AsSpan())))]), [.. words.Values]);
    }
}
