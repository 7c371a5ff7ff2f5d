using Tiebreak.Core.Battles;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Newton's method with step halving for convex losses of two or three parameters. A weak pull towards the start, worth one row in a unit
/// of each parameter's own size, keeps the answer finite where the rows alone would not (all of one outcome, or perfectly separated).
/// </summary>
internal static class NewtonFit
{
    private const int MostSteps = 200;
    private const int MostHalvings = 50;
    private const double Precision = 1e-12;

    /// <summary>The sum of losses at a point; adds to gradient and Hessian, which are zero before.</summary>
    public delegate double Objective(double[] point, double[] gradient, double[,] hessian);

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="objective">The loss.</param>
    /// <param name="isFree">Which parameters move.</param>
    /// <param name="isAllowed">Which points may be visited; null: all.</param>
    public static double[] Minimise(double[] start, Objective objective, bool[] isFree, Func<double[], bool>? isAllowed = null)
    {
        var size = start.Length;
        var point = (double[])start.Clone();
        var (loss, gradient, hessian) = At(point);
        for (var step = 0; step < MostSteps; step++)
        {
            var move = Solve(hessian, gradient);
            var decrease = move.Zip(gradient, (m, g) => m * g).Sum();
            if (decrease <= Precision * (1 + Math.Abs(loss)))
                return point;

            var factor = 1.0;
            for (var halving = 0; ; halving++, factor /= 2)
            {
                if (halving == MostHalvings)
                    return point;
                var next = point.Zip(move, (p, m) => p - (factor * m)).ToArray();
                if (isAllowed is not null && !isAllowed(next))
                    continue;
                var there = At(next);
                if (!(there.Loss < loss))
                    continue;
                (point, (loss, gradient, hessian)) = (next, there);
                break;
            }
        }

        return point;

        (double Loss, double[] Gradient, double[,] Hessian) At(double[] at)
        {
            var (g, h) = (new double[size], new double[size, size]);
            var value = objective(at, g, h);
            for (var i = 0; i < size; i++)
            {
                var unit = start[i] == 0 ? 1 : Math.Abs(start[i]);
                var distance = (at[i] - start[i]) / unit;
                value += distance * distance / 2;
                g[i] += distance / unit;
                h[i, i] += 1 / (unit * unit);
                if (isFree[i])
                    continue;
                for (var j = 0; j < size; j++)
                    h[i, j] = h[j, i] = 0;
                (g[i], h[i, i]) = (0, 1);
            }

            return (value, g, h);
        }
    }

    /// <summary>Adds one row of a multinomial logistic loss: scores that are linear in the parameters.</summary>
    /// <param name="gradient">Receives E[f] under the prediction less E[f] under the target.</param>
    /// <param name="hessian">Receives the covariance of f under the prediction.</param>
    /// <param name="predicted">The prediction.</param>
    /// <param name="target">What people said.</param>
    /// <param name="a">The derivative of A's score by each parameter.</param>
    /// <param name="b">That of B's score.</param>
    /// <param name="tie">That of the tie's score.</param>
    public static void AddSoftmax(
        double[] gradient, double[,] hessian, Preference predicted, Preference target, ReadOnlySpan<double> a,
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

    // Cholesky without roots; the pull towards the start makes the matrix positive definite.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var size = right.Length;
        var (lower, diagonal, x) = (new double[size, size], new double[size], (double[])right.Clone());
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k] * diagonal[k];
                if (i == j)
                    diagonal[i] = sum;
                else
                    lower[i, j] = sum / diagonal[j];
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= lower[i, k] * x[k];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            x[i] /= diagonal[i];
            for (var k = i + 1; k < size; k++)
                x[i] -= lower[k, i] * x[k];
        }

        return x;
    }
}
