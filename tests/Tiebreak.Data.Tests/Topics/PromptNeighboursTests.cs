using Tiebreak.Core.Battles;
using Tiebreak.Data.Topics;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Topics;

public sealed class PromptNeighboursTests
{
    private static readonly Battle[] Battles =
    [
        Battle("1", "sort a list", "a", "b"), Battle("2", "bake bread", "a", "b"), Battle("3", "Sort a list!", "a", "b"),
        Battle("4", "order my records", "a", "b"), Battle("5", null, "a", "b"), Battle("6", "zzz sort", "a", "b"),
    ];

    private static readonly MeaningEmbedder Embedder = new(text => text.Contains("bake", StringComparison.Ordinal) ? 1 : 0)
    {
        IsForeign = text => text.StartsWith("zzz", StringComparison.Ordinal),
    };

    [Fact]
    public async Task Each_prompt_counts_once_the_nearest_first_and_the_text_itself_not()
    {
        var found = await FindAsync("order my records", Embedder);
        Assert.True(found.ByMeaning);
        Assert.Equal([("1", 2, 1f), ("2", 1, 0f)], found.Nearest.Select(near => (near.Battle.Id, near.Battles, near.Cosine)));
        Assert.Equal(1, found.Unread);
        Assert.Single((await FindAsync("order my records", Embedder, count: 1)).Nearest);
    }

    [Fact]
    public async Task Where_nobody_reads_the_text_words_decide()
    {
        foreach (var embedder in new[] { Embedder, null })
        {
            var found = await FindAsync("zzz bake", embedder);
            Assert.False(found.ByMeaning);
            Assert.Equal(["2", "6"], found.Nearest.Take(2).Select(near => near.Battle.Id).Order(StringComparer.Ordinal));
            Assert.Equal((4, 0), (found.Nearest.Count, found.Unread));
        }
    }

    private static Task<PromptNeighbourhood> FindAsync(string text, MeaningEmbedder? embedder, int count = 10) =>
        PromptNeighbours.FindAsync(Battles, text, embedder, count, TestContext.Current.CancellationToken);
}
