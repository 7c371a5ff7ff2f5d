using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Half a million English-looking words with the frequencies of chats: the thousand most frequent make two thirds of a text, new words
/// never end, and words prefer certain others behind them, so that words and pairs of words grow with the text as they do in the
/// competition's first 999 rows (26,000 different words and 210,000 pairs in 485,000 running words there).
/// </summary>
/// <param name="random">The source of everything.</param>
internal sealed class SyntheticVocabulary(Random random)
{
    private const int Size = 500_000;
    private const int Frequent = 1000;
    private const double ShareOfFrequent = 0.66;
    private const double SlopeOfFrequent = 0.90;
    private const double SlopeOfRare = 1.45;
    private const double Habit = 0.5; // how often a word is followed by one of its favourites
    private const int Favourites = 300;
    private const double Return = 0.15; // how often a phrase comes back that stood shortly before
    private const double Phrase = 0.6; // how often such a phrase goes on
    private const int Memory = 64;

    private static readonly string[] Most =
    [
        "the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "you", "with", "as", "on", "this", "are", "be", "can",
        "model", "answer", "question",
        "important", "however", "consider", "following", "example", "function", "number", "people", "different", "because", "information",
        "understand", "language", "value",
    ];

    private static readonly string[] Syllables =
        "ing er an re on at en nd ti es or te of ed it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur"
            .Split(' ');

    private static readonly string[] Words = MakeWords();

    private readonly int[] _recent = new int[Memory];
    private int _drawn;
    private int _copied; // how many draws ago the phrase stood that is coming back; 0: none is

    /// <summary>Begins a text.</summary>
    public void Start() => (_drawn, _copied) = (0, 0);

    /// <summary>Draws the rank of the next word of the text, from 0.</summary>
    public int Next()
    {
        var rank = Draw();
        _recent[_drawn++ % Memory] = rank;
        return rank;
    }

    /// <summary>A word by its rank.</summary>
    public static string Word(int rank) => Words[rank];

    /// <summary>What people secretly think of a word: for nearly all nothing.</summary>
    public static double Taste(int rank) => rank is > 20 and < 5000 && Uniform(rank, -1) is var u && u < 0.05 ? (40 * u) - 1 : 0;

    private int Draw()
    {
        _copied = _drawn == 0 ? 0
            : _copied > 0 && random.NextDouble() < Phrase ? _copied
            : random.NextDouble() < Return ? 1 + random.Next(Math.Min(_drawn, Memory)) : 0;
        if (_copied > 0)
            return _recent[(_drawn - _copied) % Memory];
        if (_drawn == 0 || random.NextDouble() >= Habit)
            return Rank(random.NextDouble());

        // Each word has favourites of its own, the first of them by far the most often.
        return Rank(Uniform(_recent[(_drawn - 1) % Memory], (int)Math.Pow(Favourites, random.NextDouble())));
    }

    // Zipf's law with two slopes, by the inverse of its distribution.
    private static int Rank(double u) => u < ShareOfFrequent
        ? (int)Inverse(u / ShareOfFrequent, 1, Frequent, SlopeOfFrequent) - 1
        : (int)Inverse((u - ShareOfFrequent) / (1 - ShareOfFrequent), Frequent, Size, SlopeOfRare) - 1;

    private static double Inverse(double u, double from, double to, double slope)
    {
        var (low, high) = (Math.Pow(from, 1 - slope), Math.Pow(to, 1 - slope));
        return Math.Clamp(Math.Pow(low + (u * (high - low)), 1 / (1 - slope)), from, to - 1);
    }

    private static double Uniform(int a, int b)
    {
        ReadOnlySpan<int> key = [a, b];
        return (XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key)) >> 11) * (1.0 / (1UL << 53));
    }

    private static string[] MakeWords()
    {
        var random = new Random(7);
        var words = new HashSet<string>(Most, StringComparer.Ordinal);
        var result = new List<string>(Most);
        while (result.Count < Size)
        {
            var count = 1 + random.Next(2) + (result.Count > 150 ? 1 : 0) + (result.Count > 3000 ? random.Next(2) : 0);
            var word = string.Concat(Enumerable.Range(0, count).Select(_ => Syllables[random.Next(Syllables.Length)]));
            if (words.Add(word))
                result.Add(word);
        }

        return [.. result];
    }
}
