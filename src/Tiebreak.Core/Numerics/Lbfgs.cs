namespace Tiebreak.Core.Numerics;

/// <summary>
/// L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with step halving, for smooth convex losses of too many parameters for a Hessian.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const int MostHalvings = 30;
    private const double Sufficient = 1e-4; // this share of the decrease that the slope promises must come (Armijo)

    /// <summary>The loss at a point; writes its gradient.</summary>
    public delegate double Objective(double[] at, double[] gradient);

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="tolerance">Done when a step promises to lower the loss by less than this share of it.</param>
    /// <param name="mostSteps">Most steps.</param>
    public static LbfgsResult Minimise(double[] start, Objective objective, double tolerance, int mostSteps)
    {
        var (x, gradient) = ((double[])start.Clone(), new double[start.Length]);
        var loss = objective(x, gradient);
        var changes = new Queue<Change>();
        for (var steps = 0; steps < mostSteps; steps++)
        {
            var direction = Direction(gradient, changes);
            var slope = SquareMatrix.Dot(gradient, direction);
            if (-slope <= tolerance * Math.Abs(loss))
                return new LbfgsResult(x, loss, HasConverged: true);
            if (Descend(x, loss, direction, slope, objective) is not { } next)
                return new LbfgsResult(x, loss, HasConverged: true); // its last digits are rounding

            var change = new Change(Difference(next.At, x), Difference(next.Gradient, gradient));
            if (change.Curvature > 0)
                changes.Enqueue(change);
            if (changes.Count > Memory)
                _ = changes.Dequeue();
            (x, gradient, loss) = (next.At, next.Gradient, next.Loss);
        }

        return new LbfgsResult(x, loss, HasConverged: false);
    }

    private static (double[] At, double[] Gradient, double Loss)? Descend(
        double[] x, double loss, double[] direction, double slope, Objective objective)
    {
        var (at, gradient) = (new double[x.Length], new double[x.Length]);
        var length = 1.0;
        for (var halvings = 0; halvings <= MostHalvings; halvings++, length /= 2)
        {
            x.CopyTo(at, 0);
            SquareMatrix.AddScaled(at, direction, length);
            var there = objective(at, gradient);
            if (there <= loss + (Sufficient * length * slope))
                return (at, gradient, there);
        }

        return null;
    }

    // The two loops: minus the gradient times what the last changes say of the inverse of the Hessian.
    private static double[] Direction(double[] gradient, Queue<Change> changes)
    {
        double[] direction = Array.ConvertAll(gradient, value => -value);
        if (changes.Count == 0)
            return Scaled(direction, 1 / Math.Max(1, Math.Sqrt(SquareMatrix.Dot(gradient, gradient))));

        Change[] latest = [.. changes.Reverse()];
        var shares = new double[latest.Length];
        for (var i = 0; i < latest.Length; i++)
        {
            shares[i] = SquareMatrix.Dot(latest[i].Step, direction) / latest[i].Curvature;
            SquareMatrix.AddScaled(direction, latest[i].Gradient, -shares[i]);
        }

        direction = Scaled(direction, latest[0].Curvature / SquareMatrix.Dot(latest[0].Gradient, latest[0].Gradient));
        for (var i = latest.Length - 1; i >= 0; i--)
        {
            var share = SquareMatrix.Dot(latest[i].Gradient, direction) / latest[i].Curvature;
            SquareMatrix.AddScaled(direction, latest[i].Step, shares[i] - share);
        }

        return direction;
    }

    private static double[] Scaled(double[] vector, double factor) => Array.ConvertAll(vector, value => value * factor);

    private static double[] Difference(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a - b)];

    /// <summary>A step and how the gradient changed with it.</summary>
    private sealed record Change(double[] Step, double[] Gradient)
    {
        /// <summary>Above 0 where the loss is convex along the step.</summary>
        public double Curvature { get; } = SquareMatrix.Dot(Step, Gradient);
    }
}

/// <summary>Where L-BFGS ended.</summary>
/// <param name="Parameters">The point.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="HasConverged">Whether the point is a minimum.</param>
internal sealed record LbfgsResult(double[] Parameters, double Loss, bool HasConverged);
