using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

/// <summary>Battles similar to one: by meaning where the embedder reads the prompt, by words where it does not.</summary>
public sealed class SimilarPageTests
{
    [Fact]
    public async Task Meaning_decides_where_the_embedder_reads_the_prompt_and_words_otherwise()
    {
        string[] prompts =
        [
            "How do I bake bread?", "Explain the theory of gravity", "What is the way to make a loaf?", "How do I bake bread?",
            "Why do apples fall down?", "zzz bake qqq",
        ];
        var embedder = new MeaningEmbedder(text => text.Contains("bread", StringComparison.Ordinal)
            || text.Contains("loaf", StringComparison.Ordinal) ? 0 : 1)
        {
            IsForeign = text => text.StartsWith("zzz", StringComparison.Ordinal),
        };
        await using var explorer = await RunningExplorer.StartAsync(
            [.. prompts.Select((prompt, i) => new Battle { Id = $"{i}", Turns = [new Turn(prompt, "a", "b")] })],
            change: options => options with { Embedder = embedder });
        await explorer.UntilAsync("/battle/1/similar.json", json => json.GetProperty("by").GetString() is "meaning");

        var (by, numbers) = await SimilarAsync(1);
        Assert.Equal("meaning", by);
        Assert.Equal([3, 4], numbers.Take(2).Order());
        Assert.DoesNotContain(1, numbers);
        var html = await explorer.GetAsync("/battle/1/similar");
        Assert.Contains("By meaning: the nearest of 4 different opening prompts.", html, StringComparison.Ordinal);

        (by, numbers) = await SimilarAsync(6); // whose words the embedder does not know
        Assert.Equal("words", by);
        Assert.Equal([1, 4], numbers.Order());
        Assert.Contains("the model does not read it", await explorer.GetAsync("/battle/6/similar"), StringComparison.Ordinal);

        async Task<(string? By, int[] Numbers)> SimilarAsync(int number)
        {
            using var json = JsonDocument.Parse(await explorer.GetAsync($"/battle/{number}/similar.json"));
            return (json.RootElement.GetProperty("by").GetString(),
                [.. json.RootElement.GetProperty("battles").EnumerateArray().Select(battle => battle.GetProperty("number").GetInt32())]);
        }
    }
}
