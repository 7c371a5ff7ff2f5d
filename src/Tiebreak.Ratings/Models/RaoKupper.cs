using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>
/// Rao and Kupper (1967): P(A) = σ(d - η), P(B) = σ(-d - η), the rest ties; d is the difference of strengths, η above 0 the tie parameter.
/// Since P(tie) = (e^2η - 1) P(A) P(B), the log-likelihood is a sum of logarithms of logistic functions and concave.
/// </summary>
internal readonly struct RaoKupper : IOutcomeModel
{
    public static int TieParameters => 1;

    public static bool IsShiftInvariant => true;

    public static double TieStart => 0.5;

    public static bool IsFeasible(double tie) => tie > 0;

    public static void Add(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum)
    {
        var d = a - b;
        var ties = weights[2] + weights[3];
        var (won, lost) = (weights[0] + ties, weights[1] + ties);
        var (notA, notB) = (Logistic.Of(tie - d), Logistic.Of(tie + d));
        var (curveA, curveB) = (won * notA * (1 - notA), lost * notB * (1 - notB));
        var loss = (won * Logistic.SoftPlus(tie - d, notA)) + (lost * Logistic.SoftPlus(tie + d, notB));
        var (t, tt) = ((won * notA) + (lost * notB), curveA + curveB);
        if (ties > 0)
        {
            var shrink = Math.Exp(-2 * tie);
            loss -= ties * ((2 * tie) + Math.Log(1 - shrink));
            t -= 2 * ties / (1 - shrink);
            tt += 4 * ties * shrink / ((1 - shrink) * (1 - shrink));
        }

        sum.AddDifference(loss, (lost * notB) - (won * notA), curveA + curveB, t, curveB - curveA, tt);
    }

    /// <summary>Not lost, not won (by the first model), and ties.</summary>
    public static int Statistics => 3;

    public static double Share(int statistic, int outcome) => outcome >= 2 || statistic == outcome ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairGradient Gradient(
        Vector512<double> a, Vector512<double> b, Vector512<double> tie, ReadOnlySpan<Vector512<double>> statistics)
    {
        var d = a - b;
        var (won, lost) = (statistics[0] * Logistic.Of(tie - d), statistics[1] * Logistic.Of(tie + d));
        return PairGradient.OfDifference(lost - won, won + lost - (2 * statistics[2] / (Vector512<double>.One - Exponential.Of(-2 * tie))));
    }

    public static OutcomeProbabilities Probabilities(double a, double b, double tie)
    {
        var (winA, winB) = (Logistic.Of(a - b - tie), Logistic.Of(b - a - tie));
        return new OutcomeProbabilities(winA, winB, 1 - winA - winB, 0);
    }
}
