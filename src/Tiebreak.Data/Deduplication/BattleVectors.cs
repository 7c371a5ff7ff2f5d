using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;

namespace Tiebreak.Data.Deduplication;

/// <summary>The vectors of a battle's texts, all turns together; null for a text that says nothing or is not compared.</summary>
internal readonly record struct BattleVectors(float[]? Prompt, float[]? A, float[]? B)
{
    public bool IsEmpty => Prompt is null && A is null && B is null;

    /// <summary>Embeds the texts of battles, each different text once.</summary>
    /// <returns>
    /// The vectors, and whether the embedder reads all texts of the battle that are compared to their ends; of one where it does not there
    /// are none.
    /// </returns>
    public static async Task<(BattleVectors[] Vectors, bool[] IsRead)> OfAsync(
        IReadOnlyList<Battle> battles, DuplicateScope scope, ITextEmbedder embedder, CancellationToken cancellationToken)
    {
        var withResponses = scope is DuplicateScope.Battle;
        (string? Prompt, string? A, string? B)[] texts =
        [
            .. battles.Select(battle => (
                Join(battle, turn => turn.Prompt),
                withResponses ? Join(battle, turn => turn.ResponseA) : null,
                withResponses ? Join(battle, turn => turn.ResponseB) : null)),
        ];
        bool[] isRead =
        [
            .. texts.Select(battle =>
                embedder.ReadsWhole(battle.Prompt) && embedder.ReadsWhole(battle.A) && embedder.ReadsWhole(battle.B)),
        ];
        string[] distinct =
        [
            .. texts.Where((_, i) => isRead[i]).SelectMany(battle => new[] { battle.Prompt, battle.A, battle.B }).OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        var vectors = await embedder.EmbedAsync(distinct, cancellationToken).ConfigureAwait(false);
        var byText = distinct.Zip(vectors).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        float[]? Vector(string? text) => text is null ? null : byText[text];
        return (
            [.. texts.Zip(isRead, (battle, read) =>
                read ? new BattleVectors(Vector(battle.Prompt), Vector(battle.A), Vector(battle.B)) : default)],
            isRead);
    }

    private static string? Join(Battle battle, Func<Turn, string?> part)
    {
        var text = string.Join('\n', battle.Turns.Select(part));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
