using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>What kinds of characters and words the responses are made of.</summary>
internal static class StatisticsGroup
{
    public static CountedGroup Group { get; } = new(
        "statistics",
        [
            Count("different_words", side => side.Words.Count),
            Count("long_words", side => side.All.LongWords),
            Count("digits", side => side.All.Digits),
            Count("commas", side => side.All.Commas),
            Count("questions", side => side.All.Questions),
            Count("exclamations", side => side.All.Exclamations),
            Share("type_token_ratio", side => side.Words.Count, side => side.All.Words),
            Share("word_length", side => side.All.WordCharacters, side => side.All.Words),
            new("sentence_length", (side, _) => Math.Log(1 + ((double)side.All.Words / Math.Max(1, side.All.Sentences)))),
            new("line_length", (side, _) => Math.Log(1 + ((double)side.All.Characters / Math.Max(1, side.All.Lines)))),
            Share("upper_case_share", side => side.All.UpperCase, side => side.All.Characters),
            Share("non_ascii_share", side => side.All.NonAscii, side => side.All.Characters),
        ],
        []);
}
