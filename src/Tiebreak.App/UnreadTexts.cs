using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;

namespace Tiebreak.App;

/// <summary>
/// What is said where texts are told by their meaning and the embedder does not read all of them: once a job, with what became of them.
/// </summary>
internal static class UnreadTexts
{
    /// <summary>How many different opening prompts an embedder does not read.</summary>
    public static int Prompts(IEnumerable<Battle> battles, ITextEmbedder embedder) => battles
        .Select(battle => battle.Turns is [{ Prompt: { } prompt }, ..] ? prompt : "").Distinct(StringComparer.Ordinal)
        .Count(prompt => !embedder.Reads(prompt));

    /// <summary>Says it, where there is something to say.</summary>
    /// <param name="context">Told.</param>
    /// <param name="embedder">The embedder.</param>
    /// <param name="count">How many texts it does not read.</param>
    /// <param name="what">What they are: <c>prompt</c>.</param>
    /// <param name="instead">What was done with them: <c>compared as written</c>.</param>
    /// <param name="orCut">Whether a text that is too long counts as well.</param>
    public static void Note(JobContext context, ITextEmbedder embedder, int count, string what, string instead, bool orCut = false)
    {
        if (count == 0)
            return;
        string[] kinds =
        [
            .. orCut ? ["too long"] : Array.Empty<string>(),
            .. embedder.Languages.Count > 0 ? [$"in another language than {string.Join(", ", embedder.Languages)}"] : Array.Empty<string>(),
            "full of words that it does not know",
        ];
        var all = string.Join(" or ", [.. kinds.Length > 1 ? [string.Join(", ", kinds[..^1])] : Array.Empty<string>(), kinds[^1]]);
        context.OnNote(
            $"{Quantity.Of(count, $"{what} was", $"{what}s were")} {instead}: {embedder.ModelId} does not read texts that are {all}.");
    }
}
