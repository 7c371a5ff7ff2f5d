using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Judges;

/// <summary>Writes a battle as what a model reads: one sequence, one for each side, or one for each chunk of a side.</summary>
/// <param name="fitter">Writes within the budget.</param>
/// <param name="readsApart">Whether each side is read by itself.</param>
/// <param name="chunks">Where it is: most sequences of a side.</param>
internal sealed class BattleSequences(BattleFitter fitter, bool readsApart, int chunks)
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

        var (a, b) = fitter.FitChunks(battle, chunks);
        losses?.Note(battle, FittedBattle.OfSides(FittedBattle.OfChunks(a), FittedBattle.OfChunks(b)));
        return [.. Side(a), .. Side(b)];

        IEnumerable<TokenSequence> Side(FittedBattle[] texts) => texts.Select((text, i) => TokenSequence.Of(battle.Id, text) with
        {
            ContinuesSide = i > 0,
            ChunkWeight = Math.Max(1, text.Kept[(int)BattlePart.ResponseA]),
        });
    }
}
