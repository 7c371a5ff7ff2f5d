using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>What the last turn says apart from the others: people vote on the whole conversation, but right after its end.</summary>
internal static class TurnsGroup
{
    public static CountedGroup Group { get; } = new(
        "turns",
        [
            Count("last_characters", side => side.Last.Characters),
            Count("first_characters", side => side.First.Characters),
            Count("last_refusals", side => side.LastRefusals),
            Count(
                "last_markup",
                side => side.LastMarkdown.Headers + side.LastMarkdown.Bullets + side.LastMarkdown.Numbered + side.LastMarkdown.Bold),
            Count("empty_turns", side => side.EmptyTurns),
            new("last_length_share", (side, _) => side.All.Characters == 0 ? 0 : (double)side.Last.Characters / side.All.Characters),
        ],
        [
            new("turns", (battle, _, _, _) => battle.Turns.Count),
            new("last_same_words", (_, _, a, b) => a.LastWords.Jaccard(b.LastWords)),
        ]);
}
