using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;

namespace Tiebreak.Data.Topics;

/// <summary>The opening prompts that are nearest to a text: by meaning where an embedder reads it, by words (TF-IDF) otherwise.</summary>
internal static class PromptNeighbours
{
    /// <summary>Finds the nearest prompts.</summary>
    /// <param name="battles">The battles; each different prompt counts once.</param>
    /// <param name="text">The text, not blank. The same prompt is not its own neighbour.</param>
    /// <param name="embedder">Makes vectors; null: words decide.</param>
    /// <param name="count">How many neighbours.</param>
    /// <param name="cancellationToken">Stops between batches of the embedder.</param>
    public static async Task<PromptNeighbourhood> FindAsync(
        IReadOnlyList<Battle> battles, string text, ITextEmbedder? embedder, int count, CancellationToken cancellationToken)
    {
        var prompts = battles.Zip(PromptGroup.Number(battles)).GroupBy(pair => pair.Second, pair => pair.First)
            .Select(group => (First: group.First(), Battles: group.Count()))
            .Where(prompt => !string.IsNullOrWhiteSpace(TextOf(prompt.First))
                && !string.Equals(TextOf(prompt.First), text, StringComparison.Ordinal)).ToList();
        var byMeaning = embedder?.Reads(text) == true;
        var comparable = byMeaning ? prompts.FindAll(prompt => embedder!.Reads(TextOf(prompt.First))) : prompts;
        string[] texts = [text, .. comparable.Select(prompt => TextOf(prompt.First)!)];
        var vectors = byMeaning
            ? await embedder!.EmbedAsync(texts, cancellationToken).ConfigureAwait(false)
            : LexicalVectors.Of(texts);
        return new PromptNeighbourhood(
            [
                .. comparable.Zip(
                        vectors.Skip(1),
                        (prompt, vector) => new PromptNeighbour(
                            prompt.First, prompt.Battles, TensorPrimitives.Dot<float>(vector, vectors[0])))
                    .OrderByDescending(neighbour => neighbour.Cosine).Take(count),
            ],
            byMeaning,
            prompts.Count - comparable.Count);
    }

    /// <summary>The opening prompt of a battle; null where there is none.</summary>
    public static string? TextOf(Battle battle) => battle.Turns is [{ Prompt: { } prompt }, ..] ? prompt : null;
}

/// <summary>The prompts near a text.</summary>
/// <param name="Nearest">The prompts, the nearest first.</param>
/// <param name="ByMeaning">Whether meaning decided, and not words.</param>
/// <param name="Unread">Different prompts that were not compared, because the embedder does not read them.</param>
internal sealed record PromptNeighbourhood(IReadOnlyList<PromptNeighbour> Nearest, bool ByMeaning, int Unread);

/// <summary>A prompt near a text.</summary>
/// <param name="Battle">The first battle about it.</param>
/// <param name="Battles">How many battles are about it.</param>
/// <param name="Cosine">The cosine of both vectors.</param>
internal sealed record PromptNeighbour(Battle Battle, int Battles, float Cosine);
