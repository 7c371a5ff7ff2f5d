using Tiebreak.Core.Randomness;
using Tiebreak.Text.Similarity;

namespace Tiebreak.Text.Tests.Similarity;

public sealed class MinHashTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Signatures_estimate_the_similarity_without_bias(double jaccard)
    {
        var random = new SeededRandom(1);
        var estimates = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var (one, other) = Pair(ref random, jaccard);
            estimates.Add(MinHash.Similarity(Sign(one), Sign(other)));
        }

        var standardError = Math.Sqrt(jaccard * (1 - jaccard) / MinHash.Length);
        Assert.Equal(jaccard, estimates.Average(), tolerance: 4 * standardError / Math.Sqrt(estimates.Count));
        Assert.InRange(Math.Sqrt(estimates.Average(estimate => Math.Pow(estimate - jaccard, 2))), 0.8 * standardError, 1.2 * standardError);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void The_index_finds_pairs_at_its_threshold_with_the_promised_recall(double threshold)
    {
        var random = new SeededRandom(2);
        var index = new MinHashIndex(threshold);
        var candidates = new SortedSet<int>();
        var found = 0;
        const int Pairs = 500;
        for (var i = 0; i < Pairs; i++)
        {
            var (one, other) = Pair(ref random, threshold);
            var number = index.Add(Sign(one));
            index.Find(Sign(other), candidates);
            found += candidates.Contains(number) ? 1 : 0;
        }

        Assert.True(index.RecallAt(threshold) >= MinHashIndex.LeastRecall);
        Assert.True(found >= Pairs * (index.RecallAt(threshold) - 0.02), $"{found} of {Pairs}, promised {index.RecallAt(threshold):P1}");
    }

    [Fact]
    public void Different_sets_are_rarely_candidates()
    {
        var random = new SeededRandom(3);
        var index = new MinHashIndex(0.8);
        var candidates = new SortedSet<int>();
        for (var i = 0; i < 500; i++)
            index.Add(Sign(Pair(ref random, 0).One));
        index.Find(Sign(Pair(ref random, 0).One), candidates);

        Assert.Empty(candidates);
    }

    [Fact]
    public void The_empty_set_has_a_signature_of_its_own() => Assert.Equal(0, MinHash.Similarity(Sign([]), Sign([1UL << 40])));

    private static uint[] Sign(ulong[] hashes)
    {
        var signature = new uint[MinHash.Length];
        MinHash.Sign(hashes, signature);
        return signature;
    }

    // Two sets of 1,000 random hashes in all, of which a share is in both.
    private static (ulong[] One, ulong[] Other) Pair(ref SeededRandom random, double jaccard)
    {
        var all = new ulong[1000];
        foreach (ref var hash in all.AsSpan())
            hash = random.NextUInt64();
        var shared = (int)(jaccard * all.Length);
        var half = (all.Length - shared) / 2;
        return (all[..(shared + half)], [.. all[..shared], .. all[(shared + half)..]]);
    }
}
