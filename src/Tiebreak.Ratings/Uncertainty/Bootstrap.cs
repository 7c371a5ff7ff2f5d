using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Numerics;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Fits the model again to votes drawn with replacement (Efron 1979). Every round starts at the fit to all votes and descends with its Hessian,
/// factored once, which takes a few cheap steps; a round that does not arrive so (somebody in it won or lost everything) is fitted by
/// Newton's method with a small penalty, and counted.
/// </summary>
internal static class Bootstrap
{
    private const int MostSteps = 40;
    // A two-thousandth of a point: far below what draws differ by.
    private const double Tolerance = 3e-6;
    private const double PenaltyOfSeparatedRounds = 0.01;

    /// <summary>Draws parameters.</summary>
    /// <param name="fit">The fit to all votes.</param>
    /// <param name="votes">Those votes.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="rounds">How many draws.</param>
    /// <param name="seed">Same seed, same draws, on any number of threads.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The strengths of every round, and how many rounds needed the penalty.</returns>
    public static (double[][] Draws, int Penalised) Run(
        RatingFit fit, VoteSet votes, int[]? clusters, int rounds, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var likelihood = fit.Likelihood;
        var resampler = new Resampler(fit.Counts, votes, clusters);
        var hessian = new SquareMatrix(likelihood.Parameters);
        likelihood.Evaluate(fit.Parameters, fit.Counts.Weights, new double[likelihood.Parameters], hessian);
        for (var i = 0; i < likelihood.Models; i++)
            hessian[i, i] += fit.Penalty;
        var factor = Newton.Factor(likelihood, hessian, fit.Penalty);

        var (draws, penalised) = (new double[rounds][], 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, rounds, options, () => (Drawn: new int[resampler.Cells], Weights: new double[resampler.Slots]), (round, _, buffers) =>
        {
            var random = new SeededRandom(seed, (ulong)round);
            resampler.Draw(ref random, buffers.Drawn, buffers.Weights);
            var parameters = Descend(fit, factor, buffers.Weights);
            if (parameters is null)
            {
                Interlocked.Increment(ref penalised);
                parameters = Newton.Minimise(likelihood, buffers.Weights, Math.Max(fit.Penalty, PenaltyOfSeparatedRounds), fit.Parameters).Parameters;
            }

            draws[round] = parameters[..likelihood.Models];
            return buffers;
        }, _ => { });
        return (draws, penalised);
    }

    private static double[]? Descend(RatingFit fit, Cholesky factor, double[] weights)
    {
        var likelihood = fit.Likelihood;
        var (x, step) = (fit.Parameters.ToArray(), new double[likelihood.Parameters]);
        for (var steps = 0; steps < MostSteps; steps++)
        {
            likelihood.Gradient(x, weights, step);
            for (var i = 0; i < likelihood.Models; i++)
                step[i] += fit.Penalty * x[i];
            factor.Solve(step);
            var largest = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                x[i] -= step[i];
                largest = Math.Max(largest, Math.Abs(step[i]));
            }

            if (likelihood.HasTie && !likelihood.IsFeasible(x[^1]))
                return null;
            if (largest < Tolerance)
                return x;
        }

        return null;
    }
}
