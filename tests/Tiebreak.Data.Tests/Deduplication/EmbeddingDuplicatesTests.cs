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

    [Fact]
    public async Task Battles_in_a_language_that_the_embedder_does_not_read_are_compared_by_words()
    {
        const string russian = "Напиши мне короткое стихотворение о весне, о тёплом солнце и о первых цветах в саду";
        var embedder = new LetterEmbedder();
        var report = await Deduplicator.WithinAsync(
            [
                Battle("1", "listen", "a", "b"), Battle("2", "silent", "a", "b"), Battle("3", russian, "a", "b"),
                Battle("4", russian + "!", "a", "b"), Battle("5", "Реши уравнение с двумя неизвестными и покажи ход решения", "a", "b"),
            ],
            embedder, 0.99, Prompts, TestContext.Current.CancellationToken);

        Assert.Equal(["1", "3", "5"], report.Kept.Ids());
        Assert.Equal(3, report.ByWords);
        Assert.DoesNotContain(embedder.Seen, text => text.Contains('и', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list 3 cats", "cats, list 5", 2)]
    [InlineData("list 3 cats", "cats 3 list", 1)]
    public async Task Other_numbers_mean_something_else(string one, string other, int kept)
    {
        var report = await Deduplicator.WithinAsync(
            [Battle("1", one, "a", "b"), Battle("2", other, "a", "b")], new LetterEmbedder(), 0.99, Prompts,
            TestContext.Current.CancellationToken);
        Assert.Equal(kept, report.Kept.Count);
    }

    [Fact]
    public async Task A_text_that_the_embedder_cuts_is_compared_by_its_words()
    {
        var report = await Deduplicator.WithinAsync(
            [Battle("1", "listen to me", "a", "b"), Battle("2", "silent to me", "a", "b"), Battle("3", "Silent to me!", "a", "b")],
            new LetterEmbedder { MostCharacters = 10 }, 0.99, Prompts, TestContext.Current.CancellationToken);
        Assert.Equal(["1", "2"], report.Kept.Ids());
        Assert.Equal(3, report.ByWords);
    }

    [Fact]
    public async Task What_means_the_same_in_another_set_is_found()
    {
        var report = await Deduplicator.AcrossAsync(
            [Battle("1", "listen", "a", "b"), Battle("2", "other", "a", "b"), Battle("3", "throe", "a", "b")],
            [Battle("t1", "silent", "c", "d")], new LetterEmbedder(), 0.99, Prompts, TestContext.Current.CancellationToken);

        Assert.Equal(["2", "3"], report.Kept.Ids());
        Assert.Equal("t1", Assert.Single(report.Groups).Kept.Id);
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

        public int MostCharacters { get; init; } = 1000;

        public List<string> Seen { get; } = [];

        public bool IsCut(string text) => text.Length > MostCharacters;

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
