using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Randomness;

/// <summary>Draws from a normal distribution with a given covariance.</summary>
internal static class NormalDraws
{
    /// <summary>Draws around a mean.</summary>
    /// <param name="mean">The mean; may be shorter than the covariance, whose first rows are meant.</param>
    /// <param name="covariance">The covariance; a trace of its diagonal is added, because it may be singular.</param>
    /// <param name="rounds">How many draws.</param>
    /// <param name="seed">Same seed, same draws, on any number of threads.</param>
    /// <param name="threads">Most threads to use.</param>
    public static double[][] Of(IReadOnlyList<double> mean, SquareMatrix covariance, int rounds, ulong seed, int threads)
    {
        var lifted = covariance.Clone();
        var average = covariance.Trace() / covariance.Size;
        Cholesky? factor = null;
        for (var lift = 1e-10; factor is null; lift *= 10)
        {
            for (var i = 0; i < lifted.Size; i++)
                lifted[i, i] += (lift * average) + double.Epsilon;
            factor = Cholesky.TryFactor(lifted);
        }

        var draws = new double[rounds][];
        Parallel.For(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = threads }, round =>
        {
            var random = new SeededRandom(seed, (ulong)round);
            var noise = new double[covariance.Size];
            for (var i = 0; i < noise.Length; i++)
                noise[i] = Next(ref random);
            var coloured = factor.Colour(noise);
            draws[round] = [.. mean.Select((value, i) => value + coloured[i])];
        });
        return draws;
    }

    // Box and Muller (1958).
    private static double Next(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
