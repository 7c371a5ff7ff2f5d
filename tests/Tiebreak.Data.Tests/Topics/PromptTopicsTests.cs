using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Topics;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Topics;

public sealed class PromptTopicsTests
{
    private static readonly string[] Things = ["rivers", "lamps", "gardens", "trains", "cheese", "winter", "maps", "violins", "bridges"];

    private static readonly string[] Openings = ["Write a poem about", "Solve the equation of", "Refactor the python code for"];

    private static readonly ITextEmbedder Embedder =
        new MeaningEmbedder(text => Array.FindIndex(Openings, opening => text.StartsWith(opening, StringComparison.Ordinal)));

    private static IReadOnlyList<Battle> Planted =>
    [
        .. Openings.SelectMany(opening => Things.Select(thing => Battle($"{opening} {thing}", $"{opening} {thing}", "a", "b"))),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Planted_topics_are_found_and_named_by_their_own_words(bool byMeaning)
    {
        var report = await FindAsync(Planted, byMeaning ? Embedder : null, count: 3);

        Assert.Equal(3, report.Topics.Count);
        for (var i = 0; i < Openings.Length; i++)
        {
            var topic = Assert.Single(report.Battles.Skip(i * Things.Length).Take(Things.Length).Select(place => place!.Value.Topic).Distinct());
            Assert.Contains(new[] { "poem", "equation", "python" }[i], string.Join(' ', report.Topics[topic].Terms), StringComparison.Ordinal);
            Assert.Equal(Things.Length, report.Topics[topic].Prompts);
            Assert.StartsWith(Openings[i], report.Topics[topic].Example, StringComparison.Ordinal);
        }

        Assert.Equal(byMeaning ? 0 : Planted.Count, report.Worded);
        Assert.All(report.Topics, topic => Assert.InRange(topic.Area, 0, report.Areas.Count - 1));
    }

    [Fact]
    public async Task Prompts_in_other_languages_have_topics_of_their_own_by_words()
    {
        string[] russian = ["Напиши стихотворение о весне и любви", "Напиши стихотворение о зиме и снеге", "Реши уравнение с двумя неизвестными"];
        Battle[] battles = [.. Planted, .. russian.Select(prompt => Battle(prompt, prompt, "a", "b"))];
        var report = await FindAsync(battles, Embedder, count: 4);

        Assert.Equal(3, report.Worded);
        var english = report.Battles.Take(Planted.Count).Select(place => place!.Value.Topic).ToHashSet();
        Assert.All(report.Battles.Skip(Planted.Count), place => Assert.DoesNotContain(place!.Value.Topic, english));
    }

    [Fact]
    public async Task A_prompt_counts_once_and_battles_without_one_have_no_topic()
    {
        var report = await FindAsync([Battle("1", "Hi!", "a", "b"), Battle("2", "hi", "c", "d"), Battle("3", "", "a", "b")], embedder: null, count: 5);
        Assert.Equal(1, Assert.Single(report.Topics).Prompts);
        Assert.Equal([0, 0, null], report.Battles.Select(place => place?.Topic));
        Assert.Empty((await FindAsync([], null, null)).Topics);
    }

    [Fact]
    public void Clusters_do_not_depend_on_threads_and_each_vector_is_with_its_nearest_centre() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 8], Gen.ULong).Sample(
            (count, clusters, seed) =>
            {
                var random = new SeededRandom(seed);
                var vectors = Enumerable.Range(0, count).Select(_ => Unit(ref random)).ToArray();
                var one = SphericalKMeans.Fit(vectors, clusters, seed, 1, CancellationToken.None);
                var two = SphericalKMeans.Fit(vectors, clusters, seed, 2, CancellationToken.None);
                Assert.Equal(one.Clusters, two.Clusters);
                Assert.Equal(one.Cosines, two.Cosines);
                Assert.InRange(one.Centres.Count, 1, Math.Min(count, clusters));
                int[] sizes = [.. Enumerable.Range(0, one.Centres.Count).Select(cluster => one.Clusters.Count(other => other == cluster))];
                Assert.Equal(sizes.OrderDescending(), sizes);
                Assert.DoesNotContain(0, sizes);
                for (var i = 0; i < count; i++)
                    Assert.Equal(one.Centres.Max(centre => Dot(centre, vectors[i])), Dot(one.Centres[one.Clusters[i]], vectors[i]), 1e-5);
            },
            iter: 50);

    private static Task<TopicReport> FindAsync(IReadOnlyList<Battle> battles, ITextEmbedder? embedder, int? count) =>
        PromptTopics.FindAsync(battles, embedder, count, seed: 1, threads: 2, TestContext.Current.CancellationToken);

    private static float[] Unit(ref SeededRandom random)
    {
        var vector = new float[3];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(random.NextDouble() - 0.5);
        var length = MathF.Sqrt(Dot(vector, vector));
        return Array.ConvertAll(vector, value => value / length);
    }

    private static float Dot(float[] one, float[] other) => one.Zip(other).Sum(pair => pair.First * pair.Second);
}
