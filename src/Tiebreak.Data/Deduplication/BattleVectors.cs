using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;

namespace Tiebreak.Data.Deduplication;

/// <summary>The vectors of a battle's texts, all turns together; null for a text that says nothing or is not compared.</summary>
internal readonly record struct BattleVectors(float[]? Prompt, float[]? A, float[]? B)
{
    public bool IsEmpty => Prompt is null && A is null && B is null;

    /// <summary>Embeds the texts of battles, each different text once.</summary>
    public static async Task<BattleVectors[]> OfAsync(
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
        string[] distinct =
        [
            .. texts.SelectMany(battle => new[] { battle.Prompt, battle.A, battle.B }).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        var vectors = await embedder.EmbedAsync(distinct, cancellationToken).ConfigureAwait(false);
        var byText = distinct.Zip(vectors).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        float[]? Vector(string? text) => text is null ? null : byText[text];
        return [.. texts.Select(battle => new BattleVectors(Vector(battle.Prompt), Vector(battle.A), Vector(battle.B)))];
    }

    private static string? Join(Battle battle, Func<Turn, string?> part)
    {
        var text = string.Join('\n', battle.Turns.Select(part));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
