namespace Tiebreak.Tokenization.Budgets;

/// <summary>A battle as a row of tokens within a budget.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Segment numbers, one a token: 0, or 1 for the responses of an encoder's template.</param>
/// <param name="Tokens">
/// Tokens of the prompts, of responses A and of responses B before the cut, indexed by <see cref="BattlePart"/>.
/// </param>
/// <param name="Kept">How many of them are left.</param>
/// <param name="Turns">Turns of the battle.</param>
/// <param name="TurnsKept">Turns of which anything is left.</param>
public sealed record FittedBattle(int[] Ids, int[] TypeIds, int[] Tokens, int[] Kept, int Turns, int TurnsKept)
{
    /// <summary>Tokens of the row; they stay known when the ids are let go to save memory.</summary>
    public int Length { get; init; } = Ids.Length;

    /// <summary>Whether anything was given up.</summary>
    public bool IsCut => Kept.Sum() < Tokens.Sum();
}
