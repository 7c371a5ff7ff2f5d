using Tiebreak.Core.Battles;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Newton's method for convex losses of two or three parameters. A weak pull towards the start, worth one row in a unit of each parameter's
/// own size, keeps the answer finite where the rows alone would not (all of one outcome, or perfectly separated).
/// </summary>
internal static class NewtonFit
{
    /// <summary>Minimises.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="objective">The loss.</param>
    /// <param name="isFree">Which parameters move.</param>
    /// <param name="isAllowed">Which points may be visited; null: all.</param>
    public static double[] Minimise(double[] start, Newton.Objective objective, bool[] isFree, Func<double[], bool>? isAllowed = null) =>
        Newton.Minimise(start, (at, gradient, hessian) =>
        {
            var value = objective(at, gradient, hessian);
            for (var i = 0; i < at.Length; i++)
            {
                var unit = start[i] == 0 ? 1 : Math.Abs(start[i]);
                var distance = (at[i] - start[i]) / unit;
                value += distance * distance / 2;
                gradient[i] += distance / unit;
                hessian[i, i] += 1 / (unit * unit);
                if (isFree[i])
                    continue;
                for (var j = 0; j < at.Length; j++)
                    hessian[i, j] = hessian[j, i] = 0;
                (gradient[i], hessian[i, i]) = (0, 1);
            }

            return value;
        }, isAllowed).Parameters;

    /// <summary>Adds one row of a multinomial logistic loss: scores that are linear in the parameters.</summary>
    /// <param name="gradient">Receives E[f] under the prediction less E[f] under the target.</param>
    /// <param name="hessian">Receives the covariance of f under the prediction.</param>
    /// <param name="predicted">The prediction.</param>
    /// <param name="target">What people said.</param>
    /// <param name="a">The derivative of A's score by each parameter.</param>
    /// <param name="b">That of B's score.</param>
    /// <param name="tie">That of the tie's score.</param>
    public static void AddSoftmax(
        double[] gradient, SquareMatrix hessian, Preference predicted, Preference target, ReadOnlySpan<double> a,
        ReadOnlySpan<double> b, ReadOnlySpan<double> tie)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            var mean = (predicted.A * a[i]) + (predicted.B * b[i]) + (predicted.Tie * tie[i]);
            gradient[i] += mean - ((target.A * a[i]) + (target.B * b[i]) + (target.Tie * tie[i]));
            for (var j = 0; j < gradient.Length; j++)
            {
                var meanJ = (predicted.A * a[j]) + (predicted.B * b[j]) + (predicted.Tie * tie[j]);
                hessian[i, j] += (predicted.A * (a[i] - mean) * (a[j] - meanJ)) + (predicted.B * (b[i] - mean) * (b[j] - meanJ))
                    + (predicted.Tie * (tie[i] - mean) * (tie[j] - meanJ));
            }
        }
    }
}
