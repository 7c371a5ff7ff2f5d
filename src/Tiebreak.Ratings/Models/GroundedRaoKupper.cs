using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>
/// Rao-Kupper with a ground of strength 0: with π = e^strength and θ = 1 + e^η, P(A) = π_a / (π_a + θ π_b + 1), P(B) likewise, P(both bad)
/// = 1 / (1 + π_a + π_b), and the rest is ties, which is positive for every η. Each but the tie is one over a sum of exponentials of
/// linear terms, from which all derivatives follow.
/// </summary>
internal readonly struct GroundedRaoKupper : IOutcomeModel
{
    private const double Smallest = 1e-12;

    public static int TieParameters => 1;

    public static bool IsShiftInvariant => false;

    public static double TieStart => 0;

    public static bool IsFeasible(double tie) => Math.Abs(tie) < 30;

    public static void Add(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum)
    {
        var (winA, winB, bad) = (Win(a, b, tie), Win(b, a, tie).Exchanged(), Bad(a, b));
        AddTerm(winA, weights[0], ref sum);
        AddTerm(winB, weights[1], ref sum);
        AddTerm(bad, weights[3], ref sum);
        if (weights[2] > 0)
            AddTerm(Rest(winA, winB, bad), weights[2], ref sum);
    }

    /// <summary>The four outcomes.</summary>
    public static int Statistics => 4;

    public static double Share(int statistic, int outcome) => statistic == outcome ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairGradient Gradient(
        Vector512<double> a, Vector512<double> b, Vector512<double> tie, ReadOnlySpan<Vector512<double>> statistics)
    {
        var (groundA, groundB, wider) = (Exponential.Of(-a), Exponential.Of(-b), Exponential.Of(tie));
        var (one, ratio) = (Vector512<double>.One, groundA / groundB); // ratio: e^(b-a)
        var (strongA, strongB) = (one / groundA, one / groundB);

        // Probabilities, and minus the derivatives of their logarithms by a, b and the tie parameter, as in Win and Bad.
        var winA = one / (one + (ratio * (one + wider)) + groundA);
        var winB = one / (one + ((one + wider) / ratio) + groundB);
        var bad = one / (one + strongA + strongB);
        var (otherA, otherB) = (winA * ratio * (one + wider), winB * (one + wider) / ratio);
        var (widerA, widerB) = (winA * ratio * wider, winB * wider / ratio);
        var (ofA, ofB) = (otherA + (winA * groundA), otherB + (winB * groundB));
        var (badA, badB) = (bad * strongA, bad * strongB);

        // What each outcome's weight is multiplied by; a tie is one less the others.
        var ties = statistics[2] / Vector512.Max(Vector512.Create(Smallest), one - winA - winB - bad);
        var (a0, b0, bad0) = (statistics[0] - (ties * winA), statistics[1] - (ties * winB), statistics[3] - (ties * bad));
        return new PairGradient(
            (b0 * otherB) + (bad0 * badA) - (a0 * ofA),
            (a0 * otherA) + (bad0 * badB) - (b0 * ofB),
            (a0 * widerA) + (b0 * widerB));
    }

    public static OutcomeProbabilities Probabilities(double a, double b, double tie)
    {
        var (winA, winB, bad) = (Win(a, b, tie).P, Win(b, a, tie).P, Bad(a, b).P);
        return new OutcomeProbabilities(winA, winB, Math.Max(Smallest, 1 - winA - winB - bad), bad);
    }

    // 1 / P(A) = 1 + e^(b-a) + e^(η+b-a) + e^-a.
    private static Term Win(double a, double b, double tie)
    {
        var (equal, wider, ground) = (Math.Exp(b - a), Math.Exp(tie + b - a), Math.Exp(-a));
        var p = 1 / (1 + equal + wider + ground);
        var (other, t, floor) = ((equal + wider) * p, wider * p, ground * p);
        var (fa, fb, ft) = (-(other + floor), other, t); // mean of the exponents' gradients
        return new Term(
            p, -fa, -fb, -ft,
            (fa * fa) - (other + floor), (fa * fb) + other, (fb * fb) - other, (fa * ft) + t, (fb * ft) - t, (ft * ft) - t);
    }

    private static Term Bad(double a, double b)
    {
        var p = 1 / (1 + Math.Exp(a) + Math.Exp(b));
        var (fa, fb) = (Math.Exp(a) * p, Math.Exp(b) * p);
        return new Term(p, -fa, -fb, 0, (fa * fa) - fa, fa * fb, (fb * fb) - fb, 0, 0, 0);
    }

    // One minus the others: derivatives of probabilities are P times (second derivative of ln P + product of first ones).
    private static Term Rest(Term one, Term two, Term three)
    {
        var p = Math.Max(Smallest, 1 - one.P - two.P - three.P);
        var (a, b, t) = (0.0, 0.0, 0.0);
        var (aa, ab, bb, at, bt, tt) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var term in (ReadOnlySpan<Term>)[one, two, three])
        {
            var share = -term.P / p;
            (a, b, t) = (a + (share * term.A), b + (share * term.B), t + (share * term.T));
            aa += share * (term.AA + (term.A * term.A));
            ab += share * (term.AB + (term.A * term.B));
            bb += share * (term.BB + (term.B * term.B));
            at += share * (term.AT + (term.A * term.T));
            bt += share * (term.BT + (term.B * term.T));
            tt += share * (term.TT + (term.T * term.T));
        }

        return new Term(p, a, b, t, aa - (a * a), ab - (a * b), bb - (b * b), at - (a * t), bt - (b * t), tt - (t * t));
    }

    private static void AddTerm(Term term, double weight, ref PairDerivatives sum)
    {
        sum.Loss -= weight * Math.Log(term.P);
        sum.A -= weight * term.A;
        sum.B -= weight * term.B;
        sum.T -= weight * term.T;
        sum.AA -= weight * term.AA;
        sum.AB -= weight * term.AB;
        sum.BB -= weight * term.BB;
        sum.AT -= weight * term.AT;
        sum.BT -= weight * term.BT;
        sum.TT -= weight * term.TT;
    }

    /// <summary>A probability, and the first and second derivatives of its logarithm.</summary>
    private readonly record struct Term(
        double P, double A, double B, double T, double AA, double AB, double BB, double AT, double BT, double TT)
    {
        public Term Exchanged() => new(P, B, A, T, BB, AB, AA, BT, AT, TT);
    }
}
