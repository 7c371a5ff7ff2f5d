using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>How long the responses are: what alone predicts most of what text statistics can predict.</summary>
internal static class LengthGroup
{
    public static CountedGroup Group { get; } = new(
        "length",
        [
            Count("characters", side => side.All.Characters),
            Count("words", side => side.All.Words),
            Count("sentences", side => side.All.Sentences),
            Count("lines", side => side.All.Lines),
            Count("paragraphs", side => side.All.Paragraphs),
        ],
        [
            new("length_gap", (_, _, a, b) => Math.Abs(Math.Log((1.0 + a.All.Characters) / (1.0 + b.All.Characters)))),
            new("one_side_empty", (_, _, a, b) => (a.All.Characters == 0) != (b.All.Characters == 0) ? 1 : 0),
        ]);
}
