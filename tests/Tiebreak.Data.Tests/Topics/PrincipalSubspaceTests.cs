using System.Numerics.Tensors;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Topics;

namespace Tiebreak.Data.Tests.Topics;

public sealed class PrincipalSubspaceTests
{
    private const int Dimension = 40;

    /// <summary>Vectors around three corners of a plane, with noise in all directions: in the plane the corners are all that is left.</summary>
    [Fact]
    public void What_tells_groups_apart_is_kept_and_noise_is_not()
    {
        var random = new SeededRandom(3);
        var vectors = new float[300][];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = [.. Enumerable.Range(0, Dimension).Select(_ => 0.1f * ((float)random.NextDouble() - 0.5f))];
            vectors[i][i % 3] += 1;
        }

        var projected = PrincipalSubspace.Of(vectors, 2, seed: 1, threads: 2, TestContext.Current.CancellationToken);
        for (var i = 0; i < vectors.Length; i++)
        {
            Assert.Equal(1, TensorPrimitives.Norm<float>(projected[i]), 1e-5f);
            for (var j = 0; j < i; j++)
            {
                // Three directions in a plane at equal angles.
                var cosine = TensorPrimitives.Dot<float>(projected[i], projected[j]);
                Assert.Equal(i % 3 == j % 3 ? 1 : -0.5f, cosine, 0.25f);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 50)]
    public void Few_and_equal_vectors_have_finite_places(int count, int directions)
    {
        float[][] vectors = [.. Enumerable.Range(0, count).Select(_ => new[] { 0.6f, 0.8f })];
        var projected = PrincipalSubspace.Of(vectors, directions, seed: 1, threads: 1, TestContext.Current.CancellationToken);
        Assert.All(projected, vector => Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5f));
    }

    [Fact]
    public void The_number_of_threads_does_not_matter()
    {
        var random = new SeededRandom(4);
        float[][] vectors = [.. Enumerable.Range(0, 60).Select(_ =>
            Enumerable.Range(0, Dimension).Select(_ => (float)random.NextDouble()).ToArray())];
        var (one, three) = (Of(1), Of(3));
        Assert.All(one.Zip(three), pair => Assert.Equal(pair.First, pair.Second));

        float[][] Of(int threads) => PrincipalSubspace.Of(vectors, 5, seed: 2, threads, TestContext.Current.CancellationToken);
    }
}
