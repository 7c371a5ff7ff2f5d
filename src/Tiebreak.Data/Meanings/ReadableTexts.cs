using Tiebreak.Core.Embeddings;
using Tiebreak.Text.Languages;

namespace Tiebreak.Data.Meanings;

/// <summary>
/// Which texts an embedder can be asked about. A model that was trained for some languages gives vectors for others too, but those say
/// little: unlike texts come out alike. Such texts are better compared by their words.
/// </summary>
internal static class ReadableTexts
{
    /// <summary>
    /// True if most words of a text are in the model's vocabulary, and it is in a language that the model was trained for or in none that
    /// can be told, such as code.
    /// </summary>
    /// <param name="embedder">The embedder; one that does not state its languages is taken to read all.</param>
    /// <param name="text">The text; a missing one is no obstacle.</param>
    public static bool Reads(this ITextEmbedder embedder, string? text) =>
        string.IsNullOrWhiteSpace(text) || (embedder.KnowsWords(text) && IsInLanguage(embedder, text));

    /// <summary>True if a text can be read, and to its end.</summary>
    /// <param name="embedder">The embedder.</param>
    /// <param name="text">The text; a missing one is no obstacle.</param>
    public static bool ReadsWhole(this ITextEmbedder embedder, string? text) =>
        embedder.Reads(text) && (string.IsNullOrWhiteSpace(text) || !embedder.IsCut(text));

    private static bool IsInLanguage(ITextEmbedder embedder, string text) =>
        embedder.Languages.Count == 0
        || LanguageIdentifier.Identify(text) is not { IsKnown: true } language
        || embedder.Languages.Contains(language.Name, StringComparer.OrdinalIgnoreCase);
}
