namespace Tiebreak.Core.Numerics;

/// <summary>
/// Newton's method with step halving, for smooth losses that are convex at least around their minimum. It ends where the Newton decrement
/// gᵀH⁻¹g, which does not depend on the units of the parameters, leaves nothing to gain (Boyd and Vandenberghe 2004, section 9.5) and no
/// parameter moves any more.
/// </summary>
internal static class Newton
{
    private const int MostSteps = 100;
    private const int MostHalvings = 50;
    private const double LeastDecrement = 1e-20; // of the loss
    private const double LeastStep = 1e-8; // of the parameter, or of 1 if that is larger

    // Near the minimum the loss no longer resolves an improvement: its last digits are rounding.
    private const double Rounding = 1e-12;

    /// <summary>The loss at a point; adds its derivatives to gradient and Hessian, which are zero before.</summary>
    public delegate double Objective(double[] at, double[] gradient, SquareMatrix hessian);

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="isAllowed">Which points may be visited; null: all.</param>
    public static NewtonResult Minimise(double[] start, Objective objective, Func<double[], bool>? isAllowed = null)
    {
        var (x, next, step) = ((double[])start.Clone(), new double[start.Length], new double[start.Length]);
        var (gradient, hessian) = (new double[start.Length], new SquareMatrix(start.Length));
        var loss = Evaluate(x);
        for (var steps = 1; steps <= MostSteps; steps++)
        {
            if (TryFactor(hessian) is not { } factor)
                return new NewtonResult(x, loss, steps, HasConverged: false);

            gradient.CopyTo(step, 0);
            factor.Solve(step.AsSpan());
            var decrement = SquareMatrix.Dot(gradient, step);
            var isLast = decrement <= LeastDecrement * (1 + Math.Abs(loss)) && IsAtRest();
            if (!TryDescend(decrement))
                return new NewtonResult(x, loss, steps, HasConverged: false);
            if (isLast)
                return new NewtonResult(x, loss, steps, HasConverged: true);
        }

        return new NewtonResult(x, loss, MostSteps, HasConverged: false);

        double Evaluate(double[] at)
        {
            Array.Clear(gradient);
            hessian.Clear();
            return objective(at, gradient, hessian);
        }

        bool IsAtRest()
        {
            for (var i = 0; i < x.Length; i++)
            {
                if (Math.Abs(step[i]) > LeastStep * Math.Max(1, Math.Abs(x[i])))
                    return false;
            }

            return true;
        }

        // The whole step, or the largest half of a half of it that lowers the loss enough (Armijo 1966).
        bool TryDescend(double decrement)
        {
            var scale = 1.0;
            for (var halvings = 0; halvings <= MostHalvings; halvings++, scale /= 2)
            {
                for (var i = 0; i < x.Length; i++)
                    next[i] = x[i] - (scale * step[i]);
                if (isAllowed is not null && !isAllowed(next))
                    continue;
                var there = Evaluate(next);
                if (!(there <= loss - (1e-4 * scale * decrement) + (Rounding * Math.Abs(loss))))
                    continue;
                (x, next, loss) = (next, x, there);
                return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Factors a Hessian. Where it is not positive definite, as far from the minimum of a loss that is not convex, its diagonal is lifted
    /// until it is; null if it is not finite.
    /// </summary>
    /// <param name="hessian">Second derivatives; the diagonal is changed.</param>
    public static Cholesky? TryFactor(SquareMatrix hessian)
    {
        var mean = hessian.Trace() / hessian.Size;
        for (var lift = 0.0; double.IsFinite(lift) && double.IsFinite(mean); lift = lift == 0 ? 1e-8 * Math.Max(mean, 1e-8) : lift * 10)
        {
            for (var i = 0; i < hessian.Size; i++)
                hessian[i, i] += lift;
            if (Cholesky.TryFactor(hessian) is { } factor)
                return factor;
        }

        return null;
    }
}

/// <summary>Where Newton's method ended.</summary>
/// <param name="Parameters">The point.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="HasConverged">Whether the point is a minimum.</param>
internal sealed record NewtonResult(double[] Parameters, double Loss, int Steps, bool HasConverged);
