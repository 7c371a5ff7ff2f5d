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
    /// <summary>The sequences of a battle: the pair, or the side of A and that of B.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="losses">Takes what the budget costs it, if given.</param>
    public TokenSequence[] Of(Battle battle, LossRecord? losses = null)
    {
        if (!readsApart)
        {
            var pair = fitter.Fit(battle);
            losses?.Note(battle, pair);
            return [new TokenSequence(battle.Id, pair.Ids)];
        }

        var (a, b) = fitter.FitReplies(battle);
        losses?.Note(battle, LossesOf(a, b));
        return [new TokenSequence(battle.Id, a.Ids), new TokenSequence(battle.Id, b.Ids)];
    }

    // The prompts are read twice: the copy that lost more counts.
    private static FittedBattle LossesOf(FittedBattle a, FittedBattle b) => a with
    {
        Length = Math.Max(a.Length, b.Length),
        Tokens = [a.Tokens[0], a.Tokens[1], b.Tokens[1]],
        Kept = [Math.Min(a.Kept[0], b.Kept[0]), a.Kept[1], b.Kept[1]],
        TurnsKept = Math.Min(a.TurnsKept, b.TurnsKept),
    };
}
