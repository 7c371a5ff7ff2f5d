namespace Tiebreak.Text;

/// <summary>
/// How a text sounds, as counts of words from the lists in <c>lexicon.txt</c>, which were written for this project: English first, the most
/// frequent words of German, French, Spanish, Portuguese, Italian and Russian besides. They add up.
/// </summary>
public readonly record struct Tone
{
    /// <summary>Words of praise and pleasure: "great", "helpful".</summary>
    public int Positive { get; init; }

    /// <summary>Words of blame and trouble: "wrong", "dangerous".</summary>
    public int Negative { get; init; }

    /// <summary>Words that soften: "maybe", "generally", "might".</summary>
    public int Hedges { get; init; }

    /// <summary>Words that insist: "definitely", "always", "very".</summary>
    public int Boosters { get; init; }

    /// <summary>Words that lead from one thought to the next: "because", "however", "finally".</summary>
    public int Connectives { get; init; }

    /// <summary>Words of courtesy: "please", "thanks", "welcome".</summary>
    public int Courtesies { get; init; }

    /// <summary>The writer of itself: "I", "my".</summary>
    public int FirstPerson { get; init; }

    /// <summary>The reader addressed: "you", "your".</summary>
    public int SecondPerson { get; init; }

    /// <summary>Negations: "not", "never", "without".</summary>
    public int Negations { get; init; }

    /// <summary>Counts a text; null counts as empty.</summary>
    public static Tone Of(string? text)
    {
        using var words = WordScan.Of(text);
        return OfWords(words);
    }

    /// <summary>Counts a text.</summary>
    public static Tone OfWords(WordScan words)
    {
        Span<int> counts = stackalloc int[Lexicon.Categories];
        foreach (var hash in words.Hashes)
        {
            if (Lexicon.CategoryOf(hash) is var category and >= 0)
                counts[category]++;
        }

        return new Tone
        {
            Positive = counts[0],
            Negative = counts[1],
            Hedges = counts[2],
            Boosters = counts[3],
            Connectives = counts[4],
            Courtesies = counts[5],
            FirstPerson = counts[6],
            SecondPerson = counts[7],
            Negations = counts[8],
        };
    }

    /// <summary>The counts of two texts together.</summary>
    public static Tone operator +(Tone one, Tone other) => new()
    {
        Positive = one.Positive + other.Positive,
        Negative = one.Negative + other.Negative,
        Hedges = one.Hedges + other.Hedges,
        Boosters = one.Boosters + other.Boosters,
        Connectives = one.Connectives + other.Connectives,
        Courtesies = one.Courtesies + other.Courtesies,
        FirstPerson = one.FirstPerson + other.FirstPerson,
        SecondPerson = one.SecondPerson + other.SecondPerson,
        Negations = one.Negations + other.Negations,
    };
}
