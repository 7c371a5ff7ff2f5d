using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>A battle as a row of tokens within a budget. Its length stays known when the ids are let go to save memory.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Segment numbers, one a token: 0, or 1 for the responses of an encoder's template.</param>
/// <param name="Tokens">
/// Tokens of the prompts, of responses A and of responses B before the cut, indexed by <see cref="BattlePart"/>.
/// </param>
/// <param name="Kept">How many of them are left.</param>
/// <param name="Turns">Turns of the battle.</param>
/// <param name="TurnsKept">Turns of which anything is left.</param>
public sealed record FittedBattle(int[] Ids, int[] TypeIds, int[] Tokens, int[] Kept, int Turns, int TurnsKept)
    : BattleTokens(Tokens, Kept, Turns, TurnsKept, Ids.Length)
{
    /// <summary>
    /// What the budget cost a battle whose sides were written apart, each with the prompts: the copy of the prompts that lost more counts.
    /// </summary>
    /// <param name="a">The side of A.</param>
    /// <param name="b">The side of B, written as that of A.</param>
    public static FittedBattle OfSides(FittedBattle a, FittedBattle b) => a with
    {
        Length = Math.Max(a.Length, b.Length),
        Tokens = [a.Tokens[0], a.Tokens[1], b.Tokens[1]],
        Kept = [Math.Min(a.Kept[0], b.Kept[0]), a.Kept[1], b.Kept[1]],
        TurnsKept = Math.Min(a.TurnsKept, b.TurnsKept),
    };

    /// <summary>What the budget cost a side that was written as several texts; what several show is counted in one of them.</summary>
    /// <param name="chunks">The texts.</param>
    internal static FittedBattle OfChunks(FittedBattle[] chunks) => chunks[0] with
    {
        Length = chunks.Max(chunk => chunk.Length),
        Kept = [.. Enumerable.Range(0, chunks[0].Kept.Length).Select(part => chunks.Sum(chunk => chunk.Kept[part]))],
        TurnsKept = chunks.Sum(chunk => chunk.TurnsKept),
    };
}
