using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>
/// Davidson (1970): P(A) : P(B) : P(tie) = e^(d/2) : e^(-d/2) : ν; d is the difference of strengths, the tie parameter is ln ν.
/// </summary>
internal readonly struct Davidson : IOutcomeModel
{
    public static int TieParameters => 1;

    public static bool IsShiftInvariant => true;

    public static double TieStart => 0;

    public static bool IsFeasible(double tie) => true;

    public static void Add(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum)
    {
        var half = (a - b) / 2;
        var ties = weights[2] + weights[3];
        var all = weights[0] + weights[1] + ties;
        var p = Probabilities(a, b, tie);
        var lead = p.A - p.B;
        var loss = (all * LogSum(half, tie)) - ((weights[0] - weights[1]) * half) - (ties * tie);
        sum.AddDifference(
            loss,
            ((all * lead) - (weights[0] - weights[1])) / 2,
            all * (p.A + p.B - (lead * lead)) / 4,
            (all * p.Tie) - ties,
            -all * lead * p.Tie / 2,
            all * p.Tie * (1 - p.Tie));
    }

    /// <summary>All votes, wins less losses of the first model, and ties.</summary>
    public static int Statistics => 3;

    public static double Share(int statistic, int outcome) => (statistic, outcome) switch
    {
        (0, _) or (1, 0) or (2, >= 2) => 1,
        (1, 1) => -1,
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairGradient Gradient(
        Vector512<double> a, Vector512<double> b, Vector512<double> tie, ReadOnlySpan<Vector512<double>> statistics)
    {
        var (won, tied) = (Exponential.Of((a - b) / 2), Exponential.Of(tie));
        var lost = Vector512<double>.One / won;
        var perVote = statistics[0] / (won + lost + tied);
        return PairGradient.OfDifference(((perVote * (won - lost)) - statistics[1]) / 2, (perVote * tied) - statistics[2]);
    }

    public static OutcomeProbabilities Probabilities(double a, double b, double tie)
    {
        var half = (a - b) / 2;
        var log = LogSum(half, tie);
        return new OutcomeProbabilities(Math.Exp(half - log), Math.Exp(-half - log), Math.Exp(tie - log), 0);
    }

    private static double LogSum(double half, double tie)
    {
        var most = Math.Max(Math.Abs(half), tie);
        return most + Math.Log(Math.Exp(half - most) + Math.Exp(-half - most) + Math.Exp(tie - most));
    }
}
