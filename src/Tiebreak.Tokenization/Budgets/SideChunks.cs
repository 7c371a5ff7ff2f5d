using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>
/// Writes one side of a battle as several texts, each within the budget, where one does not hold it: rounds that fit together share a text,
/// from the last round back, and a round that does not fit alone becomes texts that each show the prompt, cut as usual, and the next part
/// of the response. A side that fits is the one text that it always was.
/// </summary>
/// <param name="write">Writes a side, and of the response of its first turn the given tokens only.</param>
/// <param name="most">Most texts of a side: the last rounds come first, and of a response its beginning.</param>
internal sealed class SideChunks(Func<Battle, Range?, FittedBattle> write, int most)
{
    /// <summary>The texts of a side, one or more; what the budget cost is told once for the prompt that several of them show.</summary>
    /// <param name="side">A battle in which B says nothing.</param>
    public FittedBattle[] Of(Battle side)
    {
        var whole = write(side, null);
        if (most == 1 || !whole.IsCut)
            return [whole];

        var chunks = new List<FittedBattle>();
        for (var end = side.Turns.Count; end > 0 && chunks.Count < most;)
        {
            // The turn at which the budget ends is left to the next text, unless it is the only one.
            var first = end - Math.Max(1, write(TurnsOf(side, 0, end), null).TurnsKept);
            var text = write(TurnsOf(side, first, end), null);
            while (text.IsCut && first < end - 1)
                text = write(TurnsOf(side, ++first, end), null);
            chunks.AddRange(text.IsCut ? Windows(TurnsOf(side, first, end), text, most - chunks.Count) : [text]);
            end = first;
        }

        return [.. chunks.Select(chunk => chunk with { Tokens = whole.Tokens, Turns = whole.Turns })];
    }

    // A response in parts of about equal length; the text that is cut tells how many tokens of it fit.
    private IEnumerable<FittedBattle> Windows(Battle turn, FittedBattle cut, int left)
    {
        var (tokens, fit) = (cut.Tokens[(int)BattlePart.ResponseA], cut.Kept[(int)BattlePart.ResponseA]);
        if (fit == 0 || fit >= tokens)
            return [cut];
        var count = Math.Min(left, (tokens + fit - 1) / fit);
        var shown = Math.Min(tokens, count * fit);
        return Enumerable.Range(0, count).Select(i =>
        {
            var window = write(turn, (shown * i / count)..(shown * (i + 1) / count));
            return i == 0 ? window : window with { Kept = [0, .. window.Kept[1..]], TurnsKept = 0 };
        });
    }

    private static Battle TurnsOf(Battle side, int first, int end) => side with { Turns = [.. side.Turns.Take(first..end)] };
}
