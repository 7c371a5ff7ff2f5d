using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>Signs of careless or broken writing; see <see cref="Text.GrammarCues"/>.</summary>
internal static class GrammarGroup
{
    public static CountedGroup Group { get; } = new(
        "grammar",
        [
            Count("repeated_words", side => side.Grammar.RepeatedWords),
            Count("repeated_lines", side => side.Grammar.RepeatedLines),
            Count("lower_case_starts", side => side.Grammar.LowerCaseStarts),
            Count("spaces_before_marks", side => side.Grammar.SpacesBeforeMarks),
            Count("wrong_articles", side => side.Grammar.WrongArticles),
            Count("unfinished", side => side.Grammar.Unfinished),
        ],
        []);
}
