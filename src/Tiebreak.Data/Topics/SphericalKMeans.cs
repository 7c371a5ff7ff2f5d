using System.Numerics.Tensors;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Topics;

/// <summary>
/// Spherical k-means (Dhillon and Modha, Machine Learning 42, 2001): clusters of vectors of length 1, each vector in the cluster whose
/// centre it has the largest cosine with. The best of a few starts; the same result for any number of threads.
/// </summary>
internal sealed class SphericalKMeans
{
    private const int Starts = 10;
    private const int MostRounds = 60;

    private readonly IReadOnlyList<float[]> _vectors;
    private readonly ParallelOptions _parallel;

    private SphericalKMeans(IReadOnlyList<float[]> vectors, ParallelOptions parallel) =>
        (_vectors, _parallel) = (vectors, parallel);

    /// <summary>Clusters vectors.</summary>
    /// <param name="vectors">Vectors of length 1, at least one.</param>
    /// <param name="count">How many clusters, at least 1; fewer come back where vectors are equal or few.</param>
    /// <param name="seed">Where centres begin.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    /// <returns>The clusters, the largest first.</returns>
    public static VectorClusters Fit(
        IReadOnlyList<float[]> vectors, int count, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        var fit = new SphericalKMeans(vectors, parallel);
        var best = Enumerable.Range(0, Starts)
            .Select(start => fit.Run(fit.Begin(count, new SeededRandom(seed, (ulong)start))))
            .MaxBy(clusters => clusters.Cosines.Sum(cosine => (double)cosine))!;
        return best.BySize();
    }

    /// <summary>
    /// Centres far from one another (k-means++, Arthur and Vassilvitskii 2007): each vector is taken with a probability in proportion to
    /// its distance, 1 - cosine, from the centres so far.
    /// </summary>
    private List<float[]> Begin(int count, SeededRandom random)
    {
        var centres = new List<float[]> { _vectors[random.Next(_vectors.Count)] };
        var distances = new double[_vectors.Count];
        Array.Fill(distances, double.PositiveInfinity);
        while (centres.Count < count)
        {
            Parallel.For(0, distances.Length, _parallel, i =>
                distances[i] = Math.Min(distances[i], Math.Max(0, 1 - TensorPrimitives.Dot<float>(_vectors[i], centres[^1]))));
            var left = random.NextDouble() * distances.Sum();
            var next = Array.FindIndex(distances, distance => (left -= distance) < 0);
            if (next < 0)
                break; // every vector is a centre
            centres.Add(_vectors[next]);
        }

        return centres;
    }

    private VectorClusters Run(List<float[]> centres)
    {
        var clusters = new int[_vectors.Count];
        var cosines = new float[_vectors.Count];
        for (var round = 0; round < MostRounds; round++)
        {
            var before = clusters.ToArray();
            Parallel.For(0, clusters.Length, _parallel, i =>
            {
                (clusters[i], cosines[i]) = (0, float.NegativeInfinity);
                for (var c = 0; c < centres.Count; c++)
                {
                    if (TensorPrimitives.Dot<float>(_vectors[i], centres[c]) is var cosine && cosine > cosines[i])
                        (clusters[i], cosines[i]) = (c, cosine);
                }
            });
            if (round > 0 && clusters.AsSpan().SequenceEqual(before))
                break;
            centres = Centres(_vectors, clusters, centres);
        }

        return new VectorClusters(clusters, centres, cosines);
    }

    /// <summary>
    /// The means of clusters' vectors, scaled to length 1; a cluster whose vectors cancel out, or that lost them all, keeps its centre.
    /// </summary>
    internal static List<float[]> Centres(IReadOnlyList<float[]> vectors, int[] clusters, List<float[]> before)
    {
        var sums = before.ConvertAll(_ => new float[vectors[0].Length]);
        for (var i = 0; i < clusters.Length; i++)
            TensorPrimitives.Add(sums[clusters[i]], vectors[i], sums[clusters[i]]);
        for (var c = 0; c < sums.Count; c++)
        {
            var length = TensorPrimitives.Norm<float>(sums[c]);
            if (length > 0)
                TensorPrimitives.Divide(sums[c], length, sums[c]);
            else
                sums[c] = before[c];
        }

        return sums;
    }
}

/// <summary>Clusters of vectors.</summary>
/// <param name="Clusters">The cluster of each vector.</param>
/// <param name="Centres">The centres, of length 1.</param>
/// <param name="Cosines">The cosine of each vector with its centre.</param>
internal sealed record VectorClusters(int[] Clusters, IReadOnlyList<float[]> Centres, float[] Cosines)
{
    /// <summary>The same clusters with the centres and cosines of other vectors of the same things.</summary>
    /// <param name="vectors">A vector of length 1 for each of them.</param>
    public VectorClusters Of(IReadOnlyList<float[]> vectors)
    {
        var firsts = Enumerable.Range(0, Centres.Count).Select(cluster => vectors[Array.IndexOf(Clusters, cluster)]).ToList();
        var centres = SphericalKMeans.Centres(vectors, Clusters, firsts);
        return new VectorClusters(
            Clusters, centres, [.. vectors.Select((vector, i) => TensorPrimitives.Dot<float>(vector, centres[Clusters[i]]))]);
    }

    /// <summary>The same clusters, the largest first and without empty ones.</summary>
    public VectorClusters BySize()
    {
        int[] order =
        [
            .. Clusters.CountBy(cluster => cluster).OrderByDescending(size => size.Value).ThenBy(size => size.Key).Select(size => size.Key),
        ];
        return new VectorClusters(
            Array.ConvertAll(Clusters, cluster => Array.IndexOf(order, cluster)), [.. order.Select(cluster => Centres[cluster])], Cosines);
    }
}
