using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Judges;

/// <summary>Writes a battle as what a model reads: one sequence, or one for each side.</summary>
/// <param name="fitter">Writes within the budget.</param>
/// <param name="readsApart">Whether each side is read by itself.</param>
internal sealed class BattleSequences(BattleFitter fitter, bool readsApart)
{
    /// <summary>How many sequences a battle becomes.</summary>
    public int PerBattle => readsApart ? 2 : 1;

    /// <summary>The sequences of a battle: the pair, or the side of A and that of B.</summary>
    public TokenSequence[] Of(Battle battle)
    {
        if (!readsApart)
            return [new TokenSequence(battle.Id, fitter.Fit(battle).Ids)];
        var (a, b) = fitter.FitReplies(battle);
        return [new TokenSequence(battle.Id, a.Ids), new TokenSequence(battle.Id, b.Ids)];
    }

    /// <summary>What the budget costs a battle, without its ids. Where prompts are read twice, the copy that lost more counts.</summary>
    public BattleTokens Losses(Battle battle)
    {
        if (!readsApart)
            return fitter.Fit(battle) with { Ids = [], TypeIds = [] };
        var (a, b) = fitter.FitReplies(battle);
        return a with
        {
            Ids = [],
            TypeIds = [],
            Length = Math.Max(a.Length, b.Length),
            Tokens = [a.Tokens[0], a.Tokens[1], b.Tokens[1]],
            Kept = [Math.Min(a.Kept[0], b.Kept[0]), a.Kept[1], b.Kept[1]],
            TurnsKept = Math.Min(a.TurnsKept, b.TurnsKept),
        };
    }
}
