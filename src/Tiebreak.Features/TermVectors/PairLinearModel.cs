using Tiebreak.Core.Battles;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// A linear model over vectors that is symmetric by construction: with s = w.(a - b) and t = u.(a + b) + v.p + c, the scores of
/// A, B and tie are s, -s and t, so that exchanging A and B exchanges their probabilities exactly.
/// </summary>
/// <param name="terms">Places of the vectors.</param>
/// <param name="weights">
/// Strength w, tie weight u of responses, tie weight v of prompts, one per term each, then c: <c>[3 x terms + 1]</c>.
/// </param>
internal sealed class PairLinearModel(int terms, double[] weights)
{
    /// <summary>Places of the vectors.</summary>
    public int Terms { get; } = terms;

    /// <summary>How much a term in a response speaks for that response.</summary>
    public ReadOnlySpan<double> Strength => weights.AsSpan(0, Terms);

    /// <summary>How much a term in either response speaks for a tie.</summary>
    public ReadOnlySpan<double> TieByResponse => weights.AsSpan(Terms, Terms);

    /// <summary>How much a term in the prompt speaks for a tie.</summary>
    public ReadOnlySpan<double> TieByPrompt => weights.AsSpan(2 * Terms, Terms);

    /// <summary>The score of a tie where no known term is.</summary>
    public double TieIntercept => weights[3 * Terms];

    /// <summary>The scores of A (that of B is its negative) and of a tie.</summary>
    public (double A, double Tie) Score(BattleVectors battle) =>
        (battle.A.Dot(Strength) - battle.B.Dot(Strength),
         battle.A.Dot(TieByResponse) + battle.B.Dot(TieByResponse) + battle.Prompt.Dot(TieByPrompt) + TieIntercept);

    /// <summary>The preference for a battle.</summary>
    public Preference Predict(BattleVectors battle)
    {
        var (a, tie) = Score(battle);
        return Preference.FromScores(a, -a, tie);
    }
}

/// <summary>What a <see cref="PairLinearModel"/> sees of one battle.</summary>
/// <param name="Prompt">The prompts, or what else is the same for both sides.</param>
/// <param name="A">The responses of A.</param>
/// <param name="B">The responses of B.</param>
internal readonly record struct BattleVectors(TermVector Prompt, TermVector A, TermVector B);
