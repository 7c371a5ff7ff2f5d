using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>
/// A linear model over term vectors that is symmetric by construction: with s = w.(a - b) and t = u.(a + b) + v.p + c, the scores of
/// A, B and tie are s, -s and t, so that exchanging A and B exchanges their probabilities exactly.
/// </summary>
/// <param name="vocabulary">The terms that the weights belong to.</param>
/// <param name="weights">Strength w, tie weight u of responses, tie weight v of prompts, one per term each, then c: <c>[3 x terms + 1]</c>.</param>
public sealed class PairLinearModel(TermVocabulary vocabulary, double[] weights)
{
    private readonly int _terms = vocabulary.Terms.Count;

    /// <summary>The terms.</summary>
    public TermVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>How much a term in a response speaks for that response.</summary>
    public ReadOnlySpan<double> Strength => weights.AsSpan(0, _terms);

    /// <summary>How much a term in either response speaks for a tie.</summary>
    public ReadOnlySpan<double> TieByResponse => weights.AsSpan(_terms, _terms);

    /// <summary>How much a term in the prompt speaks for a tie.</summary>
    public ReadOnlySpan<double> TieByPrompt => weights.AsSpan(2 * _terms, _terms);

    /// <summary>The score of a tie where no known term is.</summary>
    public double TieIntercept => weights[3 * _terms];

    /// <summary>The scores of A (that of B is its negative) and of a tie.</summary>
    public (double A, double Tie) Score(BattleTerms battle) =>
        (battle.A.Dot(Strength) - battle.B.Dot(Strength),
         battle.A.Dot(TieByResponse) + battle.B.Dot(TieByResponse) + battle.Prompt.Dot(TieByPrompt) + TieIntercept);

    /// <summary>The preference for a battle.</summary>
    public Preference Predict(BattleTerms battle)
    {
        var (a, tie) = Score(battle);
        return Preference.FromScores(a, -a, tie);
    }
}
