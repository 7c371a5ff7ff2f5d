using System.Numerics.Tensors;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Topics;

/// <summary>
/// Vectors in the directions in which they differ most: what is left out says more of single texts than of groups of them. The directions
/// that tell k clusters apart are about the first k of them (Ding and He, "K-means clustering via principal component analysis", ICML
/// 2004). Found by subspace iteration on an even sample (Halko, Martinsson and Tropp 2011, arXiv 0909.4061).
/// </summary>
internal static class PrincipalSubspace
{
    private const int MostVectors = 4000;
    private const int Iterations = 8;

    /// <summary>Projects vectors and scales them to length 1 again.</summary>
    /// <param name="vectors">Vectors of one size, at least one.</param>
    /// <param name="count">How many directions; fewer where the vectors have fewer.</param>
    /// <param name="seed">Decides where the iteration starts.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    public static float[][] Of(
        IReadOnlyList<float[]> vectors, int count, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        var used = Math.Min(vectors.Count, MostVectors);
        var mean = new float[vectors[0].Length];
        float[][] sample = [.. Enumerable.Range(0, used).Select(i => vectors[(int)((long)i * vectors.Count / used)])];
        foreach (var vector in sample)
            TensorPrimitives.Add(mean, vector, mean);
        TensorPrimitives.Divide(mean, used, mean);
        sample = [.. sample.Select(vector => Less(vector, mean))];

        var random = new SeededRandom(seed);
        float[][] directions = [.. Enumerable.Range(0, Math.Min(count, mean.Length))
            .Select(_ => Enumerable.Range(0, mean.Length).Select(_ => (float)random.NextDouble() - 0.5f).ToArray())];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalise(directions);
            Parallel.For(0, directions.Length, parallel, k => directions[k] = TimesCovariance(sample, directions[k]));
        }

        Orthonormalise(directions);
        var projected = new float[vectors.Count][];
        Parallel.For(0, projected.Length, parallel, i => projected[i] = Project(Less(vectors[i], mean), directions));
        return projected;
    }

    private static float[] Less(float[] vector, float[] mean)
    {
        var centred = new float[vector.Length];
        TensorPrimitives.Subtract(vector, mean, centred);
        return centred;
    }

    private static float[] TimesCovariance(float[][] sample, float[] direction)
    {
        var result = new float[direction.Length];
        foreach (var vector in sample)
            TensorPrimitives.MultiplyAdd(vector, TensorPrimitives.Dot<float>(vector, direction), result, result);
        return result;
    }

    // Gram-Schmidt, twice over for what rounding leaves. Directions beyond those that the vectors have become zero.
    private static void Orthonormalise(float[][] directions)
    {
        for (var k = 0; k < directions.Length; k++)
        {
            var before = TensorPrimitives.Norm<float>(directions[k]);
            for (var other = 0; other < 2 * k; other++)
            {
                var taken = directions[other % k];
                TensorPrimitives.MultiplyAdd(taken, -TensorPrimitives.Dot<float>(taken, directions[k]), directions[k], directions[k]);
            }

            var norm = TensorPrimitives.Norm<float>(directions[k]);
            TensorPrimitives.Multiply(directions[k], norm > 1e-5f * before ? 1 / norm : 0, directions[k]);
        }
    }

    private static float[] Project(float[] centred, float[][] directions)
    {
        var projected = Array.ConvertAll(directions, direction => TensorPrimitives.Dot<float>(centred, direction));
        var norm = TensorPrimitives.Norm<float>(projected);
        if (norm > 0)
            TensorPrimitives.Divide(projected, norm, projected);
        else
            projected[0] = 1; // the mean itself is near to nothing
        return projected;
    }
}
