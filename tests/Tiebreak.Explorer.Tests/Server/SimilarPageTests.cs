using System.Collections.Concurrent;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Explorer.Index;
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

    [Fact]
    public async Task What_prompts_mean_is_kept_for_the_next_start_and_goes_on_where_it_stopped()
    {
        const int prompts = 300;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["index"]);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], Enumerable.Range(0, prompts).Select(i => new Battle
        {
            Id = $"{i}",
            Turns = [new Turn($"How do I bake {i} loaves of bread for my friends?", "a", "b")],
        }));

        var warnings = new ConcurrentQueue<string>();
        Assert.Equal(200, await AskedAsync("one", most: 200, () => !warnings.IsEmpty));
        Assert.Contains("no longer there", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(prompts - 128, await AskedAsync("one", most: prompts, isDone: null)); // the part of 128 that was whole is kept
        Assert.Equal(0, await AskedAsync("one", most: 0, isDone: null));
        Assert.Equal(prompts, await AskedAsync("another", most: prompts, isDone: null));

        // Starts an explorer, waits until everything is known or something else holds, and says how many texts the embedder was asked about.
        async Task<int> AskedAsync(string key, int most, Func<bool>? isDone)
        {
            var asked = 0;
            var embedder = new MeaningEmbedder(text => Interlocked.Increment(ref asked) > most
                ? throw new TiebreakException("The model is no longer there.")
                : text.Length % 2);
            await using var explorer = await RunningExplorer.StartAsync(folder["battles.jsonl"], options => options with
            {
                Embedder = embedder,
                EmbedderKey = () => key,
                Index = new BattleIndexOptions { Folder = folder["index"] },
                Context = options.Context with { OnWarning = warnings.Enqueue },
            });
            while (!(isDone?.Invoke() ?? (await explorer.GetAsync("/battle/1/similar"))
                .Contains("By meaning: the nearest of 300 different opening prompts.", StringComparison.Ordinal)))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            return Math.Min(asked, most);
        }
    }
}
