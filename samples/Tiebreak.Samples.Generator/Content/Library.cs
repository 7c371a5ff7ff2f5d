namespace Tiebreak.Samples.Generator.Content;

/// <summary>The written content, read once.</summary>
internal static class Library
{
    public static IReadOnlyList<Entry> Advice { get; } = ContentFile.Read("advice.txt");

    public static IReadOnlyList<Entry> Bugs { get; } = ContentFile.Read("bugs.txt");

    public static IReadOnlyList<Entry> Choices { get; } = ContentFile.Read("choices.txt");

    public static IReadOnlyList<Entry> Cities { get; } = ContentFile.Read("cities.txt");

    public static IReadOnlyList<Entry> Code { get; } = ContentFile.Read("code.txt");

    public static IReadOnlyList<Entry> Dishes { get; } = ContentFile.Read("dishes.txt");

    public static IReadOnlyList<Entry> Facts { get; } = ContentFile.Read("facts.txt");

    public static IReadOnlyList<Entry> Grammar { get; } = ContentFile.Read("grammar.txt");

    public static IReadOnlyList<Entry> Guides { get; } = ContentFile.Read("guides.txt");

    public static IReadOnlyList<Entry> Letters { get; } = ContentFile.Read("letters.txt");

    public static IReadOnlyList<Entry> Phrases { get; } = ContentFile.Read("phrases.txt");

    public static IReadOnlyList<Entry> Sensitive { get; } = ContentFile.Read("sensitive.txt");

    public static IReadOnlyList<Entry> Tales { get; } = ContentFile.Read("tales.txt");

    public static IReadOnlyList<Entry> Verses { get; } = ContentFile.Read("verses.txt");

    public static IReadOnlyList<Entry> Words { get; } = ContentFile.Read("words.txt");

    /// <summary>English and the other languages, English first.</summary>
    public static IReadOnlyList<Tongue> Tongues { get; } =
    [
        new("English", "en"), new("German", "de"), new("French", "fr"),
        new("Spanish", "es"), new("Italian", "it"), new("Portuguese", "pt"),
    ];

    public static Tongue English => Tongues[0];
}
