using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Fits <see cref="ProbeWeights"/> to votes: L2-penalised cross-entropy over features with standard deviation 1, which is convex. The
/// result does not depend on the number of threads.
/// </summary>
internal sealed class ProbeFit
{
    // Votes say little about single directions of a state: even the weakest penalty is far from none.
    private static readonly double[] Penalties = [100_000, 30_000, 10_000, 3_000, 1_000, 300, 100];

    private const double Tolerance = 1e-6;
    private const int MostSteps = 1_000;

    private readonly IReadOnlyList<float[]> _states;
    private readonly IReadOnlyList<Preference> _targets;
    private readonly int _hidden;
    private readonly double[] _mean; // of the 3 * hidden features; 0 for differences, so that the sides stay equal
    private readonly double[] _deviation;

    private ProbeFit(IReadOnlyList<float[]> states, IReadOnlyList<Preference> targets)
    {
        (_states, _targets, _hidden) = (states, targets, states[0].Length / 2);
        (_mean, _deviation) = (new double[3 * _hidden], new double[3 * _hidden]);
        var features = new double[3 * _hidden];
        foreach (var state in states)
        {
            Fill(state, features);
            for (var k = 0; k < features.Length; k++)
            {
                _mean[k] += features[k];
                _deviation[k] += features[k] * features[k];
            }
        }

        for (var k = 0; k < _mean.Length; k++)
        {
            _mean[k] = k < _hidden ? 0 : _mean[k] / states.Count;
            var variance = (_deviation[k] / states.Count) - (_mean[k] * _mean[k]);
            _deviation[k] = variance > 1e-12 ? Math.Sqrt(variance) : double.PositiveInfinity; // no weight for what never differs
        }
    }

    /// <summary>
    /// Fits weights on all rows and without each fold in turn. The penalty for all rows is the one with the least loss on held-out folds;
    /// for a fold, that which the other folds choose.
    /// </summary>
    /// <param name="states">For each row the states of both sides: a, then b.</param>
    /// <param name="targets">What people said.</param>
    /// <param name="folds">The fold of each row.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="penalty">The penalty; null: chosen.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="TiebreakException">No convergence.</exception>
    public static (ProbeWeights Final, ProbeWeights[] OfFold) Of(
        IReadOnlyList<float[]> states, IReadOnlyList<Preference> targets, int[] folds, int foldCount, double? penalty, int threads)
    {
        var penalties = penalty is { } given ? [given] : Penalties;
        var paths = new ProbeWeights[]?[foldCount + 1]; // the last one: of all rows
        Parallel.For(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, fold =>
        {
            int[] rows = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold)];
            paths[fold] = new ProbeFit([.. rows.Select(row => states[row])], [.. rows.Select(row => targets[row])]).Path(penalties);
        });
        var fitted = Array.ConvertAll(paths, Converged);

        var losses = new double[penalties.Length, foldCount]; // of a fold by the weights that have not seen it
        for (var row = 0; row < folds.Length; row++)
        {
            for (var k = 0; k < penalties.Length; k++)
                losses[k, folds[row]] += LogLoss.Of(new ProbeReading(fitted[folds[row]][k], penalty).Read(states[row]), targets[row]);
        }

        return (fitted[foldCount][Best(_ => true)], [.. Enumerable.Range(0, foldCount).Select(fold => fitted[fold][Best(f => f != fold)])]);

        int Best(Func<int, bool> counts) => Enumerable.Range(0, penalties.Length)
            .MinBy(k => Enumerable.Range(0, foldCount).Where(counts).Sum(fold => losses[k, fold]));
    }

    /// <summary>Fits weights on all rows with one penalty.</summary>
    /// <exception cref="TiebreakException">No convergence.</exception>
    public static ProbeWeights Of(IReadOnlyList<float[]> states, IReadOnlyList<Preference> targets, double penalty) =>
        Converged(new ProbeFit(states, targets).Path([penalty]))[0];

    /// <summary>The scores of a battle: how far A is ahead, and what a tie weighs.</summary>
    /// <param name="weights">[3 * hidden]: of the difference, of its absolute value, of the mean.</param>
    /// <param name="tie">The constant of the tie.</param>
    /// <param name="features">See <see cref="Fill"/>.</param>
    public static (double Ahead, double Tie) Score(ReadOnlySpan<double> weights, double tie, ReadOnlySpan<double> features)
    {
        var hidden = weights.Length / 3;
        return (
            SquareMatrix.Dot(weights[..hidden], features[..hidden]), SquareMatrix.Dot(weights[hidden..], features[hidden..]) + tie);
    }

    /// <summary>Writes a - b, |a - b| and (a + b) / 2.</summary>
    public static void Fill(ReadOnlySpan<float> states, Span<double> features)
    {
        var hidden = states.Length / 2;
        for (var k = 0; k < hidden; k++)
        {
            var (a, b) = ((double)states[k], (double)states[hidden + k]);
            features[k] = a - b;
            features[hidden + k] = Math.Abs(a - b);
            features[(2 * hidden) + k] = (a + b) / 2;
        }
    }

    private static ProbeWeights[] Converged(ProbeWeights[]? path) => path
        ?? throw new TiebreakException($"The probe did not converge within {MostSteps} steps. Raise l2 in the recipe.")
        {
            Code = ErrorCodes.NotConverged,
        };

    // From the strongest penalty on, each begins where the last one ended. Null: one did not converge.
    private ProbeWeights[]? Path(double[] penalties)
    {
        var (at, path) = (new double[(3 * _hidden) + 1], new List<ProbeWeights>());
        foreach (var penalty in penalties)
        {
            var found = Lbfgs.Minimise(at, (point, gradient) => Loss(point, gradient, penalty), Tolerance, MostSteps);
            if (!found.HasConverged)
                return null;
            at = found.Parameters;
            var (weights, tie) = Unscaled(at);
            path.Add(new ProbeWeights(weights[.._hidden], weights[_hidden..(2 * _hidden)], weights[(2 * _hidden)..], tie, penalty));
        }

        return [.. path];
    }

    // Weights of features as they are, for weights of features with mean 0 and standard deviation 1.
    private (double[] Weights, double Tie) Unscaled(double[] point)
    {
        var (weights, tie) = (new double[3 * _hidden], point[^1]);
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = point[k] / _deviation[k];
            tie -= weights[k] * _mean[k];
        }

        return (weights, tie);
    }

    private double Loss(double[] point, double[] gradient, double penalty)
    {
        var (weights, tie) = Unscaled(point);
        var features = new double[weights.Length];
        var (loss, tieGradient) = (0.0, 0.0);
        Array.Clear(gradient);
        for (var row = 0; row < _states.Count; row++)
        {
            Fill(_states[row], features);
            var (ahead, tied) = Score(weights, tie, features);
            var (p, q) = (Preference.FromScores(ahead / 2, -ahead / 2, tied), _targets[row]);
            loss += LogLoss.Of(p, q);
            SquareMatrix.AddScaled(gradient.AsSpan(0, _hidden), features.AsSpan(0, _hidden), (p.A - q.A - (p.B - q.B)) / 2);
            SquareMatrix.AddScaled(gradient.AsSpan(_hidden, 2 * _hidden), features.AsSpan(_hidden), p.Tie - q.Tie);
            tieGradient += p.Tie - q.Tie;
        }

        for (var k = 0; k < weights.Length; k++)
        {
            var share = k < _hidden ? 0 : _mean[k] * tieGradient;
            gradient[k] = ((gradient[k] - share) / _deviation[k]) + (penalty * point[k]);
            loss += penalty / 2 * point[k] * point[k];
        }

        gradient[^1] = tieGradient;
        return loss;
    }
}
