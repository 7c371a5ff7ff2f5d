using Tiebreak.Core.Battles;
using Tiebreak.Text;

namespace Tiebreak.Ratings.Contextual;

/// <summary>How one side of a battle writes, over all turns.</summary>
/// <param name="Tokens">Tokens, estimated.</param>
/// <param name="Markdown">Headers, lists and the like.</param>
/// <param name="Refusals">Responses that refuse the task.</param>
internal readonly record struct AnswerStyle(int Tokens, MarkdownCounts Markdown, int Refusals)
{
    /// <summary>Counts both sides.</summary>
    public static (AnswerStyle A, AnswerStyle B) OfBoth(Battle battle) =>
        (Of(battle.Turns, turn => turn.ResponseA), Of(battle.Turns, turn => turn.ResponseB));

    private static AnswerStyle Of(IReadOnlyList<Turn> turns, Func<Turn, string?> response)
    {
        var style = default(AnswerStyle);
        foreach (var turn in turns)
        {
            var text = response(turn);
            style = new AnswerStyle(
                style.Tokens + TokenEstimate.Of(text), style.Markdown + MarkdownCounts.Of(text),
                style.Refusals + Text.Refusals.CountRefusals(text));
        }

        return style;
    }
}
