using Tiebreak.Core;
using Tiebreak.Ratings.Numerics;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// Newton's method with step halving. Likelihoods that only know differences are made regular by adding a multiple of the matrix of ones to
/// the Hessian: steps then keep the mean strength where it was, at 0.
/// </summary>
internal static class Newton
{
    private const int MostSteps = 100;
    private const int MostHalvings = 50;

    /// <summary>Strengths are exact to about this.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Minimises minus log-likelihood + penalty / 2 · |strengths|².</summary>
    /// <param name="likelihood">What to minimise.</param>
    /// <param name="weights">Weights of the slots.</param>
    /// <param name="penalty">0 for maximum likelihood.</param>
    /// <param name="start">Where to start, or null.</param>
    /// <exception cref="TiebreakException">It did not converge.</exception>
    public static NewtonResult Minimise(Likelihood likelihood, double[] weights, double penalty, double[]? start = null)
    {
        var x = start is null ? Start(likelihood) : [.. start];
        var (gradient, step, next) = (new double[x.Length], new double[x.Length], new double[x.Length]);
        var hessian = new SquareMatrix(x.Length);
        var loss = Evaluate(likelihood, x, weights, penalty, gradient, hessian);
        for (var steps = 1; steps <= MostSteps; steps++)
        {
            gradient.CopyTo(step, 0);
            Factor(likelihood, hessian, penalty).Solve(step);
            var largest = 0.0;
            foreach (var value in step)
                largest = Math.Max(largest, Math.Abs(value));

            var (scale, descent, previous) = (1.0, SquareMatrix.Dot(gradient, step), loss);
            for (var halvings = 0; ; halvings++, scale /= 2)
            {
                for (var i = 0; i < x.Length; i++)
                    next[i] = x[i] - (scale * step[i]);
                if (IsFeasible(likelihood, next))
                {
                    loss = Evaluate(likelihood, next, weights, penalty, gradient, hessian);

                    // Near the minimum the loss no longer resolves the improvement: its last digits are rounding.
                    if (loss <= previous - (1e-4 * scale * descent) + (1e-12 * Math.Abs(previous)))
                        break;
                }

                if (halvings == MostHalvings)
                    throw NotConverged(steps, largest);
            }

            (x, next) = (next, x);
            if (scale * largest < Tolerance)
                return new NewtonResult(x, loss, steps);
        }

        throw NotConverged(MostSteps, double.NaN);
    }

    /// <summary>
    /// Factors the Hessian made regular; where it is not positive definite (far from the minimum of a likelihood that is not concave) it is
    /// lifted.
    /// </summary>
    /// <param name="likelihood">Says whether strengths have a level.</param>
    /// <param name="hessian">Second derivatives; its diagonal is changed.</param>
    /// <param name="penalty">What already makes it regular.</param>
    public static Cholesky Factor(Likelihood likelihood, SquareMatrix hessian, double penalty)
    {
        var n = likelihood.Models;
        var mean = hessian.Trace() / hessian.Size;
        if (likelihood.IsShiftInvariant && penalty == 0)
        {
            for (var i = 0; i < n; i++)
            {
                foreach (ref var value in hessian.Row(i)[..n])
                    value += mean / n;
            }
        }

        for (var lift = 0.0; ; lift = lift == 0 ? 1e-8 * Math.Max(mean, 1e-8) : lift * 10)
        {
            for (var i = 0; i < hessian.Size; i++)
                hessian[i, i] += lift;
            if (Cholesky.TryFactor(hessian) is { } factor)
                return factor;
            if (!double.IsFinite(lift) || !double.IsFinite(mean))
                throw NotConverged(0, double.NaN);
        }
    }

    /// <summary>Strengths 0, and the tie parameter where the model likes to start.</summary>
    private static double[] Start(Likelihood likelihood)
    {
        var start = new double[likelihood.Parameters];
        if (likelihood.HasTie)
            start[^1] = likelihood.TieStart;
        return start;
    }

    private static double Evaluate(
        Likelihood likelihood, double[] x, double[] weights, double penalty, double[] gradient, SquareMatrix hessian)
    {
        var loss = likelihood.Evaluate(x, weights, gradient, hessian);
        for (var i = 0; penalty > 0 && i < likelihood.Models; i++)
        {
            loss += penalty / 2 * x[i] * x[i];
            gradient[i] += penalty * x[i];
            hessian[i, i] += penalty;
        }

        return loss;
    }

    private static bool IsFeasible(Likelihood likelihood, double[] x) => !likelihood.HasTie || likelihood.IsFeasible(x[^1]);

    private static TiebreakException NotConverged(int steps, double largest) => new(
        $"The ratings did not converge in {steps} Newton steps (the last step was {largest:G3}): the votes may hardly connect some models. "
        + "Give `penalty` 0.1, or leave models with few votes out.")
    {
        Code = ErrorCodes.NotConverged,
        Parameters = ["penalty"],
    };
}

/// <summary>Where Newton's method ended.</summary>
/// <param name="Parameters">Strengths, then the tie parameter if there is one.</param>
/// <param name="Loss">Minus the log-likelihood there, penalty included.</param>
/// <param name="Steps">Steps taken.</param>
internal sealed record NewtonResult(double[] Parameters, double Loss, int Steps);
