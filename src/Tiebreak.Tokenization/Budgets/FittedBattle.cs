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
    : BattleTokens(Tokens, Kept, Turns, TurnsKept, Ids.Length);
