using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>Fits a <see cref="PairLinearModel"/>: L2-penalised cross-entropy, minimised by L-BFGS. The problem is convex, so there is one answer.</summary>
/// <param name="vocabulary">The terms.</param>
/// <param name="options">Penalty and step limit.</param>
public sealed class PairLinearTrainer(TermVocabulary vocabulary, TermOptions options)
{
    // A fixed number of partial sums, added in order: the result does not depend on the number of threads.
    private const int Parts = 8;

    private readonly int _terms = vocabulary.Terms.Count;

    /// <summary>Fits the model.</summary>
    /// <param name="battles">Term vectors of the training battles.</param>
    /// <param name="targets">Their labels.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TiebreakException">The optimiser did not converge.</exception>
    public PairLinearModel Fit(
        IReadOnlyList<BattleTerms> battles, IReadOnlyList<Preference> targets, int threads, CancellationToken cancellationToken = default)
    {
        var objective = ObjectiveFunction.Gradient(weights =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LossAndGradient(weights.AsArray(), battles, targets, threads);
        });
        var minimizer = new LimitedMemoryBfgsMinimizer(
            gradientTolerance: 1e-5, parameterTolerance: 1e-9, functionProgressTolerance: 1e-9, memory: 10, maximumIterations: options.MaxSteps);
        try
        {
            var minimum = minimizer.FindMinimum(objective, Vector<double>.Build.Dense((3 * _terms) + 1));
            return new PairLinearModel(vocabulary, minimum.MinimizingPoint.AsArray());
        }
        catch (OptimizationException exception)
        {
            throw new TiebreakException(
                $"The TF-IDF linear model did not converge within {options.MaxSteps} steps: {exception.Message} Raise terms.l2 or terms.max_steps.", exception);
        }
    }

    private (double Loss, Vector<double> Gradient) LossAndGradient(
        double[] weights, IReadOnlyList<BattleTerms> battles, IReadOnlyList<Preference> targets, int threads)
    {
        var model = new PairLinearModel(vocabulary, weights);
        var losses = new double[Parts];
        var gradients = new double[Parts][];
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var gradient = gradients[part] = new double[weights.Length];
            var (from, to) = ((int)((long)battles.Count * part / Parts), (int)((long)battles.Count * (part + 1) / Parts));
            for (var i = from; i < to; i++)
            {
                var predicted = model.Predict(battles[i]);
                losses[part] += LogLoss.Of(predicted, targets[i]);
                AddGradient(gradient, battles[i], predicted, targets[i]);
            }
        });

        var loss = losses.Sum() / battles.Count;
        var penalty = options.L2 / battles.Count;
        var total = gradients[0];
        for (var k = 0; k < total.Length; k++)
        {
            for (var part = 1; part < Parts; part++)
                total[k] += gradients[part][k];
            total[k] /= battles.Count;
            if (k == total.Length - 1)
                continue; // the intercept is not penalised
            loss += penalty / 2 * weights[k] * weights[k];
            total[k] += penalty * weights[k];
        }

        return (loss, Vector<double>.Build.Dense(total));
    }

    // d loss / d s = (pA - qA) - (pB - qB), d loss / d t = pTie - qTie.
    private void AddGradient(Span<double> gradient, BattleTerms battle, Preference predicted, Preference target)
    {
        var strength = predicted.A - target.A - (predicted.B - target.B);
        var tie = predicted.Tie - target.Tie;
        battle.A.AddTo(gradient, strength);
        battle.B.AddTo(gradient, -strength);
        battle.A.AddTo(gradient[_terms..], tie);
        battle.B.AddTo(gradient[_terms..], tie);
        battle.Prompt.AddTo(gradient[(2 * _terms)..], tie);
        gradient[^1] += tie;
    }
}
