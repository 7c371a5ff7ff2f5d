using System.Runtime.Intrinsics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// Fits the model again to votes drawn with replacement (Efron 1979). Every round starts at the fit to all votes and descends with its
/// Hessian, factored once (the chord method), until what is left is below the tolerance; a round that does not arrive so (somebody in it
/// won or lost everything, or nothing in it was a tie) is fitted by Newton's method with a small penalty and a hundredth of all votes
/// added, and counted. Eight rounds descend together, one in each lane of a vector.
/// </summary>
internal sealed class Bootstrap
{
    private const int MostSteps = 40;

    // A two-thousandth of a point: far below what draws differ by.
    private const double Tolerance = 3e-6;
    private const double PenaltyOfSeparatedRounds = 0.01;
    private const double ShareOfAllVotes = 0.01;

    private static readonly int Lanes = Vector512<double>.Count;

    private readonly RatingFit _fit;
    private readonly Likelihood _likelihood;
    private readonly Resampler _resampler;
    private readonly Cholesky _factor;

    private Bootstrap(RatingFit fit, VoteSet votes, int[]? clusters)
    {
        (_fit, _likelihood) = (fit, fit.Likelihood);
        _resampler = new Resampler(fit.Counts, votes, clusters);
        var hessian = new SquareMatrix(_likelihood.Parameters);
        _likelihood.EvaluatePenalised(fit.Parameters, fit.Counts.Weights, fit.Penalty, new double[_likelihood.Parameters], hessian);
        _factor = Newton.TryFactor(hessian)!;
    }

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
        var bootstrap = new Bootstrap(fit, votes, clusters);
        var (draws, penalised) = (new double[rounds][], 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, (rounds + Lanes - 1) / Lanes, options, () => new Buffers(bootstrap), (block, _, buffers) =>
        {
            Interlocked.Add(
                ref penalised,
                bootstrap.Fit(draws.AsSpan(block * Lanes, Math.Min(Lanes, rounds - (block * Lanes))), block * Lanes, seed, buffers));
            return buffers;
        }, _ => { });
        return (draws, penalised);
    }

    /// <summary>Draws and fits rounds, one a lane, and returns how many needed the penalty.</summary>
    private int Fit(Span<double[]> draws, int firstRound, ulong seed, Buffers buffers)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var random = new SeededRandom(seed, (ulong)(firstRound + lane));
            _resampler.Draw(ref random, buffers.Drawn, buffers.Weights[lane]);
        }

        _likelihood.Fold(_resampler.Slots, buffers.Weights, buffers.Statistics);
        var left = Descend(buffers);
        var penalised = 0;
        for (var lane = 0; lane < draws.Length; lane++)
        {
            var hasArrived = left[lane] < Tolerance;
            draws[lane] = hasArrived ? Lane(buffers.Parameters, lane) : Penalised(buffers.Weights[lane]);
            penalised += hasArrived ? 0 : 1;
        }

        return penalised;
    }

    /// <summary>
    /// Returns how far parameters of every lane still are from the minimum at most: steps shrink geometrically, so that after one of size s
    /// that followed one of size p, s² / (p - s) is left. Infinite where a lane went astray.
    /// </summary>
    private Vector512<double> Descend(Buffers buffers)
    {
        var (x, step) = (buffers.Parameters, buffers.Step);
        for (var i = 0; i < x.Length; i++)
            x[i] = Vector512.Create(_fit.Parameters[i]);
        var (left, previous) = (Vector512.Create(double.PositiveInfinity), Vector512<double>.Zero);
        for (var steps = 0; steps < MostSteps && !Vector512.LessThanAll(left, Vector512.Create(Tolerance)); steps++)
        {
            _likelihood.Gradient(x, buffers.Statistics, step);
            for (var i = 0; i < _likelihood.Models; i++)
                step[i] += _fit.Penalty * x[i];
            _factor.Solve(step);
            var largest = Vector512<double>.Zero;
            for (var i = 0; i < x.Length; i++)
            {
                x[i] -= step[i];
                largest = Vector512.Max(largest, Vector512.Abs(step[i]));
            }

            left = largest * largest / Vector512.Max(previous - largest, Vector512.Create(double.Epsilon));
            previous = largest;
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            if (_likelihood.HasTie && !_likelihood.IsFeasible(x[^1][lane]))
                left = left.WithElement(lane, double.PositiveInfinity);
        }

        return left;
    }

    // The penalty keeps ratings finite, the share of all votes the tie parameter: a round may have no ties.
    private double[] Penalised(double[] weights)
    {
        var all = Array.ConvertAll(_fit.Counts.Weights, weight => ShareOfAllVotes * weight);
        for (var place = 0; place < weights.Length; place++)
            all[_resampler.Slots[place]] += weights[place];
        var penalty = Math.Max(_fit.Penalty, PenaltyOfSeparatedRounds);
        return _likelihood.Minimise(all, penalty, _fit.Parameters).Parameters[.._likelihood.Models];
    }

    private double[] Lane(Vector512<double>[] parameters, int lane)
    {
        var draw = new double[_likelihood.Models];
        for (var i = 0; i < draw.Length; i++)
            draw[i] = parameters[i][lane];
        return draw;
    }

    /// <summary>What a thread needs for a block of rounds.</summary>
    private sealed class Buffers(Bootstrap bootstrap)
    {
        public double[] Drawn { get; } = new double[bootstrap._resampler.Cells];

        /// <summary>Of every lane: the weights of the slots that have votes.</summary>
        public double[][] Weights { get; } = [.. Enumerable.Range(0, Lanes).Select(_ => new double[bootstrap._resampler.Slots.Length])];

        public Vector512<double>[] Statistics { get; } =
            new Vector512<double>[bootstrap._fit.Counts.Pairs * bootstrap._likelihood.Statistics];

        public Vector512<double>[] Parameters { get; } = new Vector512<double>[bootstrap._likelihood.Parameters];

        public Vector512<double>[] Step { get; } = new Vector512<double>[bootstrap._likelihood.Parameters];
    }
}
