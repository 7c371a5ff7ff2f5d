using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Linear;

/// <summary>
/// Fits <see cref="LinearWeights"/> to some rows, from any start: L2-penalised cross-entropy, minimised by L-BFGS on one thread. The
/// problem is convex, so there is one answer; <see cref="LinearModelFolds"/> finds that of all folds at once, which cannot start elsewhere.
/// </summary>
/// <param name="options">Penalty and steps.</param>
/// <param name="differences">How many of the inputs are differences.</param>
internal sealed class LinearTrainer(LinearOptions options, int differences)
{
    /// <summary>Fits the weights.</summary>
    /// <param name="inputs">Inputs of all battles.</param>
    /// <param name="targets">What people said about them.</param>
    /// <param name="rows">The battles to learn from, and how much each counts.</param>
    /// <param name="start">Weights to start from: those of nearly the same rows save most of the steps. Null for zeros.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public LinearWeights Fit(
        FeatureMatrix inputs, IReadOnlyList<Preference> targets, IReadOnlyList<(int Row, double Weight)> rows, LinearWeights? start = null,
        CancellationToken cancellationToken = default)
    {
        var total = rows.Sum(row => row.Weight);
        var objective = ObjectiveFunction.Gradient(point =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LossAndGradient([.. point.Select(value => (float)value)], inputs, targets, rows, total);
        });
        var minimizer = new LimitedMemoryBfgsMinimizer(
            gradientTolerance: 1e-5, parameterTolerance: 1e-7, functionProgressTolerance: 1e-8, memory: 10,
            maximumIterations: options.MaxSteps);
        var from = Vector<double>.Build.Dense(inputs.Columns + 1, k => start?.Values[k] ?? 0);
        try
        {
            return new LinearWeights(
                [.. minimizer.FindMinimum(objective, from).MinimizingPoint.Select(value => (float)value)], differences);
        }
        catch (OptimizationException exception)
        {
            throw new TiebreakException(
                $"The linear model over the counted features did not converge within {options.MaxSteps} steps: {exception.Message} " +
                "Raise linear.l2 or linear.max_steps in the recipe.",
                exception)
            {
                Code = ErrorCodes.NotConverged,
            };
        }
    }

    private (double Loss, Vector<double> Gradient) LossAndGradient(
        float[] weights, FeatureMatrix inputs, IReadOnlyList<Preference> targets,
        IReadOnlyList<(int Row, double Weight)> rows, double total)
    {
        var model = new LinearWeights(weights, differences);
        var (losses, gradient) = (0.0, new float[weights.Length]);
        foreach (var (row, weight) in rows)
        {
            var (p, q) = (model.Predict(inputs[row]), targets[row]);
            losses += weight * LogLoss.Of(p, q);
            Add(gradient, inputs[row], (float)(weight * (p.A - q.A - (p.B - q.B))), (float)(weight * (p.Tie - q.Tie)));
        }

        var (loss, penalty) = (losses / total, options.L2 / total);
        var slope = Vector<double>.Build.Dense(weights.Length, k => gradient[k] / total);
        for (var k = 0; k < weights.Length - 1; k++) // the intercept is not penalised
        {
            loss += penalty / 2 * weights[k] * weights[k];
            slope[k] += penalty * weights[k];
        }

        return (loss, slope);
    }

    // d loss / d s = (pA - qA) - (pB - qB), d loss / d t = pTie - qTie.
    private void Add(Span<float> gradient, ReadOnlySpan<float> inputs, float ahead, float tie)
    {
        TensorPrimitives.MultiplyAdd(inputs[..differences], ahead, gradient[..differences], gradient[..differences]);
        var others = gradient[differences..^1];
        TensorPrimitives.MultiplyAdd(inputs[differences..], tie, others, others);
        gradient[^1] += tie;
    }
}
