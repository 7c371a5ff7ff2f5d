namespace Tiebreak.Core.Numerics;

/// <summary>
/// Minimises a smooth convex loss over weights that are not negative and sum to 1: Newton's method on the weights that are not held at
/// zero, by the active-set method (Nocedal and Wright 2006, section 16.5). The minimum is exact: weights that are worth nothing are 0.
/// </summary>
internal static class SimplexNewton
{
    private const int MostSteps = 200;
    private const int MostHalvings = 40;
    private const double LeastDecrement = 1e-14; // of the loss
    private const double LeastMultiplier = 1e-9; // of the loss
    private const double Sufficient = 1e-4; // this share of the decrease that the slope promises must come (Armijo)

    /// <summary>Minimises, from equal weights on.</summary>
    /// <param name="count">How many weights there are.</param>
    /// <param name="objective">What to minimise; its Hessian must be positive definite.</param>
    public static double[] Minimise(int count, Newton.Objective objective)
    {
        double[] at = [.. Enumerable.Repeat(1.0 / count, count)];
        var free = Enumerable.Range(0, count).ToList();
        var (gradient, hessian) = (new double[count], new SquareMatrix(count));
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var loss = Evaluate(at);
            var (direction, multiplier) = Direction(free, gradient, hessian);
            var decrement = -free.Select((weight, k) => gradient[weight] * direction[k]).Sum();
            if (decrement > LeastDecrement * (1 + Math.Abs(loss)) && TryDescend(loss, direction, decrement))
                continue;

            // At rest on these weights: one that is held at zero may be worth something by now.
            var held = Enumerable.Range(0, count).Except(free).Where(
                weight => gradient[weight] < multiplier - (LeastMultiplier * (1 + Math.Abs(loss)))).ToList();
            if (held.Count == 0)
                break;
            free.Add(held.MinBy(weight => gradient[weight]));
            free.Sort();
        }

        return at;

        double Evaluate(double[] weights)
        {
            Array.Clear(gradient);
            hessian.Clear();
            return objective(weights, gradient, hessian);
        }

        // The longest step that keeps all weights at zero or above, or a half of a half of it that lowers the loss enough.
        bool TryDescend(double loss, double[] direction, double decrement)
        {
            var (longest, blocking) = (1.0, -1);
            for (var k = 0; k < free.Count; k++)
            {
                var toZero = -at[free[k]] / direction[k];
                if (direction[k] < 0 && toZero < longest)
                    (longest, blocking) = (toZero, free[k]);
            }

            var scale = longest;
            for (var halvings = 0; halvings <= MostHalvings; halvings++, scale /= 2)
            {
                var next = (double[])at.Clone();
                for (var k = 0; k < free.Count; k++)
                    next[free[k]] = Math.Max(0, at[free[k]] + (scale * direction[k]));
                if (blocking >= 0 && halvings == 0)
                    next[blocking] = 0;
                if (Evaluate(next) > loss - (Sufficient * scale * decrement))
                    continue;
                at = next;
                if (blocking >= 0 && halvings == 0)
                    free.Remove(blocking);
                return true;
            }

            Evaluate(at); // for whoever looks at the gradient next
            return false;
        }
    }

    /// <summary>Newton's step among free weights that keeps their sum, and the slope that they all have at its end.</summary>
    private static (double[] Step, double Multiplier) Direction(List<int> free, double[] gradient, SquareMatrix hessian)
    {
        var inner = new SquareMatrix(free.Count);
        for (var i = 0; i < free.Count; i++)
        {
            for (var j = 0; j <= i; j++)
                inner[i, j] = hessian[free[i], free[j]];
        }

        var factor = Newton.TryFactor(inner) ?? throw new TiebreakException("The weights cannot be fitted: a probability is not finite.");
        double[] step = [.. free.Select(weight => gradient[weight])];
        double[] ones = [.. free.Select(_ => 1.0)];
        factor.Solve(step.AsSpan());
        factor.Solve(ones.AsSpan());
        var multiplier = step.Sum() / ones.Sum();
        for (var i = 0; i < step.Length; i++)
            step[i] = (multiplier * ones[i]) - step[i];
        return (step, multiplier);
    }
}
