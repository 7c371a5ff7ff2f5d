using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Features.States;

/// <summary>
/// The directions in which vectors differ most, each scaled to standard deviation 1. Found by subspace iteration (Halko, Martinsson and
/// Tropp 2011, arXiv 0909.4061) on an even sample, without any square matrix of the vectors' size.
/// </summary>
internal sealed class PrincipalComponents
{
    private const int MostVectors = 4000;
    private const int Iterations = 8;

    private readonly float[] _mean;
    private readonly float[][] _directions;

    private PrincipalComponents(float[] mean, float[][] directions) => (_mean, _directions) = (mean, directions);

    /// <summary>Numbers in a vector.</summary>
    public int Size => _mean.Length;

    /// <summary>Components that are kept.</summary>
    public int Count => _directions.Length;

    /// <summary>Finds the components of vectors.</summary>
    /// <param name="vectors">Vectors of one size.</param>
    /// <param name="count">Components to keep; fewer where the vectors have fewer.</param>
    /// <param name="seed">Decides where the iteration starts.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    public static PrincipalComponents Fit(IReadOnlyList<IReadOnlyList<float>> vectors, int count, ulong seed, int threads)
    {
        var used = Math.Min(vectors.Count, MostVectors);
        var size = vectors[0].Count;
        float[][] sample = [.. Enumerable.Range(0, used).Select(k => vectors[(int)((long)k * vectors.Count / used)].ToArray())];
        var mean = new float[size];
        foreach (var vector in sample)
            TensorPrimitives.Add(mean, vector, mean);
        TensorPrimitives.Divide(mean, used, mean);
        foreach (var vector in sample)
            TensorPrimitives.Subtract(vector, mean, vector);

        var random = new SeededRandom(seed);
        float[][] directions = [.. Enumerable.Range(0, Math.Min(count, Math.Min(size, used - 1)))
            .Select(_ => Enumerable.Range(0, size).Select(_ => (float)random.NextDouble() - 0.5f).ToArray())];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalise(directions);
            Parallel.For(
                0,
                directions.Length,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                k => directions[k] = TimesCovariance(sample, directions[k]));
        }

        Orthonormalise(directions);
        foreach (var direction in directions)
        {
            var deviation = Math.Sqrt(sample.Average(vector => Math.Pow(TensorPrimitives.Dot<float>(vector, direction), 2)));
            TensorPrimitives.Multiply(direction, deviation > 1e-6 ? (float)(1 / deviation) : 0, direction);
        }

        return new PrincipalComponents(mean, directions);
    }

    /// <summary>The components of a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="target">Receives <see cref="Count"/> numbers.</param>
    public void Project(IReadOnlyList<float> vector, Span<float> target)
    {
        var centred = vector.ToArray();
        TensorPrimitives.Subtract(centred, _mean, centred);
        for (var k = 0; k < _directions.Length; k++)
            target[k] = TensorPrimitives.Dot<float>(centred, _directions[k]);
    }

    /// <summary>Writes a line with the mean, then a line per component.</summary>
    public Task WriteAsync(string path)
    {
        var text = new StringBuilder();
        foreach (var line in _directions.Prepend(_mean))
            text.AppendJoin('\t', line.Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return File.WriteAllTextAsync(path, text.ToString());
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <exception cref="InputException">Not such a file.</exception>
    public static PrincipalComponents Read(string path)
    {
        try
        {
            float[][] lines = [.. File.ReadLines(path)
                .Select(line => line.Split('\t').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
            if (lines.Length > 0 && lines.All(line => line.Length == lines[0].Length))
                return new PrincipalComponents(lines[0], lines[1..]);
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new InputException($"{path} is not a file of principal components. Train the judge again.");
    }

    private static float[] TimesCovariance(float[][] sample, float[] direction)
    {
        var result = new float[direction.Length];
        foreach (var vector in sample)
            TensorPrimitives.MultiplyAdd(vector, TensorPrimitives.Dot<float>(vector, direction) / sample.Length, result, result);
        return result;
    }

    // Gram-Schmidt, twice over for what rounding leaves.
    private static void Orthonormalise(float[][] directions)
    {
        for (var k = 0; k < directions.Length; k++)
        {
            for (var other = 0; other < 2 * k; other++)
            {
                TensorPrimitives.MultiplyAdd(
                    directions[other % k],
                    -TensorPrimitives.Dot<float>(directions[other % k], directions[k]),
                    directions[k],
                    directions[k]);
            }

            var norm = TensorPrimitives.Norm<float>(directions[k]);
            TensorPrimitives.Multiply(directions[k], norm > 0 ? 1 / norm : 0, directions[k]);
        }
    }
}
