using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Deduplication;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Deduplication;

public sealed class EmbeddingDuplicatesTests
{
    private static readonly DeduplicationOptions Prompts = new() { Scope = DuplicateScope.Prompt };

    [Fact]
    public async Task Texts_of_similar_vectors_are_duplicates_in_either_order_of_A_and_B()
    {
        var embedder = new LetterEmbedder();
        var report = await Deduplicator.WithinAsync(
            [
                Battle("1", "listen", "abc", "xyz"), Battle("2", "silent", "cab", "zyx"), Battle("3", "enlist", "yxz", "bca"),
                Battle("4", "listen", "abc", "xyy"), Battle("5", "other", "abc", "xyz"),
            ],
            embedder, 0.99, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["1", "4", "5"], report.Kept.Ids());
        var group = Assert.Single(report.Groups);
        Assert.Equal(
            [("2", false, 1.0), ("3", true, 1.0)],
            group.Duplicates.Select(found => (found.Battle.Id, found.Swapped, Math.Round(found.Similarity, 5))));
        Assert.Distinct(embedder.Seen, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_threshold_decides_and_texts_that_say_nothing_are_like_nothing()
    {
        Task<DeduplicationReport> SearchAsync(double leastCosine) => Deduplicator.WithinAsync(
            [Battle("1", "aab", "a", "b"), Battle("2", "abb", "a", "b"), Battle("3", "", "a", "b"), Battle("4", " ", "a", "b")],
            new LetterEmbedder(), leastCosine, Prompts, TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3", "4"], (await SearchAsync(0.81)).Kept.Ids());
        var report = await SearchAsync(0.79);
        Assert.Equal(["1", "3", "4"], report.Kept.Ids());
        Assert.Equal(0.8, report.Groups[0].Duplicates[0].Similarity, 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    public async Task A_cosine_that_means_nothing_is_refused(double leastCosine) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Deduplicator.WithinAsync(
            [Battle("1", "p", "a", "b")], new LetterEmbedder(), leastCosine, cancellation: TestContext.Current.CancellationToken));

    /// <summary>Counts letters: anagrams have the same vector.</summary>
    private sealed class LetterEmbedder : ITextEmbedder
    {
        public string ModelId => "letters";

        public int Dimension => 26;

        public IReadOnlyList<string> Languages => ["English"];

        public List<string> Seen { get; } = [];

        public Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
        {
            Seen.AddRange(texts);
            return Task.FromResult<float[][]>([.. texts.Select(Count)]);
        }

        private static float[] Count(string text)
        {
            var counts = new float[26];
            foreach (var letter in text.Where(char.IsAsciiLetterLower))
                counts[letter - 'a']++;
            var length = MathF.Sqrt(counts.Sum(count => count * count));
            return Array.ConvertAll(counts, count => count / length);
        }
    }
}
