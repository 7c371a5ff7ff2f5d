using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;

namespace Tiebreak.Ratings.Routing;

/// <summary>Battles that routing can learn from: with a verdict, and with the names of two models.</summary>
public static class RoutingBattles
{
    /// <summary>The battles among some that have both.</summary>
    /// <exception cref="InputException">None has.</exception>
    public static IReadOnlyList<Battle> Named(IReadOnlyList<Battle> battles)
    {
        var named = battles.Where(battle => battle is { Target: not null, ModelA.Length: > 0, ModelB.Length: > 0 }
            && !string.Equals(battle.ModelA, battle.ModelB, StringComparison.Ordinal)).ToList();
        if (named.Count > 0)
            return named;
        throw new InputException(battles.Any(battle => battle.ModelA is { Length: > 0 })
            ? "No battle has a verdict between two different models. Give battles with model_a, model_b and winner."
            : "The data names no models, so that nothing can be learned about them. Give battles with model_a, model_b and winner.");
    }

    /// <summary>What is known of a battle when the model is chosen.</summary>
    internal static string? OpeningOf(Battle battle) => battle.Turns.Count > 0 ? battle.Turns[0].Prompt : null;

    /// <summary>What an embedder made of a battle's opening prompt; empty where it was not asked, or the prompt is blank.</summary>
    internal static float[] VectorOf(Battle battle) => battle.States?.Prompt is { } vector ? [.. vector] : [];

    /// <summary>
    /// The battles with the vectors of their opening prompts as states, and with no other states; each different prompt is embedded once.
    /// </summary>
    /// <param name="battles">The battles.</param>
    /// <param name="embedder">Makes the vectors; null for none.</param>
    /// <param name="cancellationToken">Stops between batches of the embedder.</param>
    internal static async Task<IReadOnlyList<Battle>> EmbedAsync(
        IReadOnlyList<Battle> battles, ITextEmbedder? embedder, CancellationToken cancellationToken)
    {
        if (embedder is null)
            return [.. battles.Select(battle => battle.States is null ? battle : battle with { States = null })];

        var vectors = await EmbedAsync(battles.Select(OpeningOf), embedder, cancellationToken).ConfigureAwait(false);
        return
        [
            .. battles.Select(battle => battle with
            {
                States = OpeningOf(battle) is { } prompt && vectors.TryGetValue(prompt, out var vector)
                    ? new PooledStates(vector, ResponseA: null, ResponseB: null, Pair: null)
                    : null,
            }),
        ];
    }

    /// <summary>The vectors of all prompts that are not blank.</summary>
    internal static async Task<Dictionary<string, float[]>> EmbedAsync(
        IEnumerable<string?> prompts, ITextEmbedder embedder, CancellationToken cancellationToken)
    {
        string[] texts =
        [
            .. prompts.Where(prompt => !string.IsNullOrWhiteSpace(prompt)).Select(prompt => prompt!).Distinct(StringComparer.Ordinal),
        ];
        var vectors = await embedder.EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
        return texts.Zip(vectors).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    internal static Dictionary<string, int> Places(IReadOnlyList<string> models) =>
        models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
}
