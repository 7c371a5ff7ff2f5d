using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>The term vectors of one battle; the turns of a side count as one text.</summary>
/// <param name="Prompt">All prompts.</param>
/// <param name="A">All responses of A.</param>
/// <param name="B">All responses of B.</param>
public readonly record struct BattleTerms(TermVector Prompt, TermVector A, TermVector B)
{
    /// <summary>Vectorises a battle.</summary>
    public static BattleTerms Of(Battle battle, TermVocabulary vocabulary)
    {
        var (prompt, a, b) = Join(battle);
        return new BattleTerms(vocabulary.Vectorise(prompt), vocabulary.Vectorise(a), vocabulary.Vectorise(b));
    }

    /// <summary>The three texts of a battle, turns joined by line breaks.</summary>
    public static (string Prompt, string A, string B) Join(Battle battle) => battle.Turns.Count == 1
        ? (battle.Turns[0].Prompt ?? "", battle.Turns[0].ResponseA ?? "", battle.Turns[0].ResponseB ?? "")
        : (string.Join('\n', battle.Turns.Select(turn => turn.Prompt)),
           string.Join('\n', battle.Turns.Select(turn => turn.ResponseA)),
           string.Join('\n', battle.Turns.Select(turn => turn.ResponseB)));
}
