using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>Bradley and Terry (1952), with half a win for each side of a tie, as FastChat and arena-rank fit it.</summary>
internal readonly struct BradleyTerry : IOutcomeModel
{
    public static int TieParameters => 0;

    public static bool IsShiftInvariant => true;

    public static double TieStart => 0;

    public static bool IsFeasible(double tie) => true;

    public static void Add(double a, double b, double tie, ReadOnlySpan<double> weights, ref PairDerivatives sum)
    {
        var won = weights[0] + ((weights[2] + weights[3]) / 2);
        var all = weights[0] + weights[1] + weights[2] + weights[3];
        var p = Logistic.Of(a - b);
        sum.AddDifference((all * Logistic.SoftPlus(a - b, p)) - (won * (a - b)), (all * p) - won, all * p * (1 - p));
    }

    /// <summary>All votes, and wins of the first model.</summary>
    public static int Statistics => 2;

    public static double Share(int statistic, int outcome) => (statistic, outcome) switch
    {
        (0, _) or (_, 0) => 1,
        (_, 1) => 0,
        _ => 0.5,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairGradient Gradient(
        Vector512<double> a, Vector512<double> b, Vector512<double> tie, ReadOnlySpan<Vector512<double>> statistics) =>
        PairGradient.OfDifference((statistics[0] * Logistic.Of(a - b)) - statistics[1]);

    /// <summary>
    /// The model itself knows no ties: shares of wins, which <see cref="Fitting.RatingFit.Predict"/> mixes with the share of ties.
    /// </summary>
    public static OutcomeProbabilities Probabilities(double a, double b, double tie) => new(Logistic.Of(a - b), Logistic.Of(b - a), 0, 0);
}
