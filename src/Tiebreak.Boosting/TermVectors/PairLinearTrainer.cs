using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>Fits a <see cref="PairLinearModel"/>: L2-penalised cross-entropy, minimised by L-BFGS. The problem is convex, so there is one answer.</summary>
/// <param name="terms">Places of the vectors.</param>
/// <param name="l2">Penalty on the weights, beside the sum of the log losses (scikit-learn's 1/C): more data, more freedom.</param>
/// <param name="maxSteps">Most steps of the optimiser.</param>
public sealed class PairLinearTrainer(int terms, double l2, int maxSteps)
{
    // A fixed number of partial sums, added in order: the result does not depend on the number of threads.
    private const int Parts = 8;

    /// <summary>Fits the model.</summary>
    /// <param name="battles">Vectors of the training battles.</param>
    /// <param name="targets">Their labels.</param>
    /// <param name="weights">How much each battle counts.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TiebreakException">The optimiser did not converge.</exception>
    public PairLinearModel Fit(
        IReadOnlyList<BattleVectors> battles, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights, int threads,
        CancellationToken cancellationToken = default)
    {
        var total = weights.Sum();
        var objective = ObjectiveFunction.Gradient(parameters =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LossAndGradient(parameters.AsArray(), battles, targets, weights, total, threads);
        });
        var minimizer = new LimitedMemoryBfgsMinimizer(
            gradientTolerance: 1e-5, parameterTolerance: 1e-9, functionProgressTolerance: 1e-9, memory: 10, maximumIterations: maxSteps);
        try
        {
            var minimum = minimizer.FindMinimum(objective, Vector<double>.Build.Dense((3 * terms) + 1));
            return new PairLinearModel(terms, minimum.MinimizingPoint.AsArray());
        }
        catch (OptimizationException exception)
        {
            throw new TiebreakException(
                $"A linear model did not converge within {maxSteps} steps: {exception.Message} Raise the group's l2 or max_steps in the recipe.", exception);
        }
    }

    private (double Loss, Vector<double> Gradient) LossAndGradient(
        double[] parameters, IReadOnlyList<BattleVectors> battles, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights, double total, int threads)
    {
        var model = new PairLinearModel(terms, parameters);
        var losses = new double[Parts];
        var gradients = new double[Parts][];
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var gradient = gradients[part] = new double[parameters.Length];
            var (from, to) = ((int)((long)battles.Count * part / Parts), (int)((long)battles.Count * (part + 1) / Parts));
            for (var i = from; i < to; i++)
            {
                var predicted = model.Predict(battles[i]);
                losses[part] += weights[i] * LogLoss.Of(predicted, targets[i]);
                AddGradient(gradient, battles[i], predicted, targets[i], weights[i]);
            }
        });

        var loss = losses.Sum() / total;
        var penalty = l2 / total;
        var sum = gradients[0];
        for (var k = 0; k < sum.Length; k++)
        {
            for (var part = 1; part < Parts; part++)
                sum[k] += gradients[part][k];
            sum[k] /= total;
            if (k == sum.Length - 1)
                continue; // the intercept is not penalised
            loss += penalty / 2 * parameters[k] * parameters[k];
            sum[k] += penalty * parameters[k];
        }

        return (loss, Vector<double>.Build.Dense(sum));
    }

    // d loss / d s = (pA - qA) - (pB - qB), d loss / d t = pTie - qTie.
    private void AddGradient(Span<double> gradient, BattleVectors battle, Preference predicted, Preference target, double weight)
    {
        var strength = weight * (predicted.A - target.A - (predicted.B - target.B));
        var tie = weight * (predicted.Tie - target.Tie);
        battle.A.AddTo(gradient, strength);
        battle.B.AddTo(gradient, -strength);
        battle.A.AddTo(gradient[terms..], tie);
        battle.B.AddTo(gradient[terms..], tie);
        battle.Prompt.AddTo(gradient[(2 * terms)..], tie);
        gradient[^1] += tie;
    }
}
