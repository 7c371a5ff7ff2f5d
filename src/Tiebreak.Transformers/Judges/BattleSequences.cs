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
            return [TokenSequence.Of(battle.Id, pair)];
        }

        var (a, b) = fitter.FitReplies(battle);
        losses?.Note(battle, FittedBattle.OfSides(a, b));
        return [TokenSequence.Of(battle.Id, a), TokenSequence.Of(battle.Id, b)];
    }
}
