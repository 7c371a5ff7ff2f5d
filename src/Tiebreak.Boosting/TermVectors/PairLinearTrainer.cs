using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>Fits a <see cref="PairLinearModel"/>: L2-penalised cross-entropy, minimised by L-BFGS. The problem is convex, so there is one answer.</summary>
/// <param name="terms">Places of the vectors.</param>
/// <param name="l2">Penalty on the weights, beside the sum of the log losses (scikit-learn's 1/C): more data, more freedom.</param>
/// <param name="maxSteps">Most steps of the optimiser.</param>
public sealed class PairLinearTrainer(int terms, double l2, int maxSteps)
{
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
        var loss = new PairLinearLoss(terms, l2, [.. battles], [.. targets], [.. weights], threads);
        var objective = ObjectiveFunction.Gradient(parameters =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var gradient = new double[parameters.Count];
            return (loss.Evaluate(parameters.AsArray(), gradient), Vector<double>.Build.Dense(gradient));
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
}
