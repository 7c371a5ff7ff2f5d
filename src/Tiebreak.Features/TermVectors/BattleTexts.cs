using Tiebreak.Core.Battles;

namespace Tiebreak.Features.TermVectors;

/// <summary>The three texts of a battle: the turns of a side count as one text, joined by line breaks.</summary>
/// <param name="Prompt">All prompts.</param>
/// <param name="A">All responses of A.</param>
/// <param name="B">All responses of B.</param>
internal readonly record struct BattleTexts(string Prompt, string A, string B)
{
    public static BattleTexts Of(Battle battle) => battle.Turns.Count == 1
        ? new(battle.Turns[0].Prompt ?? "", battle.Turns[0].ResponseA ?? "", battle.Turns[0].ResponseB ?? "")
        : new(
            string.Join('\n', battle.Turns.Select(turn => turn.Prompt)),
            string.Join('\n', battle.Turns.Select(turn => turn.ResponseA)),
            string.Join('\n', battle.Turns.Select(turn => turn.ResponseB)));

    public IEnumerable<string> All => [Prompt, A, B];
}
