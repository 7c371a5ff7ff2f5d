namespace Tiebreak.Features.Counted.Groups;

/// <summary>How much the responses share with the prompt and with each other.</summary>
internal static class SimilarityGroup
{
    public static CountedGroup Group { get; } = new(
        "similarity",
        [
            new("prompt_words_used", (side, prompt) => prompt.Words.ShareIn(side.Words)),
            new("words_from_prompt", (side, prompt) => side.Words.ShareIn(prompt.Words)),
        ],
        [
            new("same_words", (_, _, a, b) => a.Words.Jaccard(b.Words)),
            new("least_containment", (_, _, a, b) => Math.Min(a.Words.ShareIn(b.Words), b.Words.ShareIn(a.Words))),
            new("identical", (battle, _, _, _) =>
                battle.Turns.All(turn => string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal)) ? 1 : 0),
            new("same_start", (battle, _, _, _) => battle.Turns.Count == 0
                ? 0
                : Math.Log(1.0 + battle.Turns[^1].ResponseA.AsSpan().CommonPrefixLength(battle.Turns[^1].ResponseB))),
        ]);
}
