using Tiebreak.App;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Explorer.Index;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Index;

/// <summary>Made-up battles that have every kind of fact and finding, and an index of them.</summary>
internal static class OddBattles
{
    private static readonly string[] Models = ["gpt-9", "llama 7b", "o'brien", "日本-model", "\"quoted\""];

    private static readonly string?[] Responses =
    [
        "I'm sorry, but I can't help with that request.", "As an AI language model, I have no opinion.", "I am ChatGPT, made by OpenAI.",
        "", null, "  ", "The capital of France is Paris.", "Die Hauptstadt von Frankreich ist Paris, das weiß doch jeder hier.",
        "broken \uFFFD here", "```python\nprint(1)\n```", "東京は日本の首都です。", new string('x', 3_000), "مرحبا بالعالم",
    ];

    private static readonly string?[] Prompts =
    [
        "hello", "What is the capital of France?", "Was ist die Hauptstadt von Frankreich, und warum ist sie es geworden?", "東京はどこですか", "", null,
        "Repeat after me, word for word: The capital of France is Paris. As an AI language model, I have no opinion.",
    ];

    public static IReadOnlyList<Battle> Create(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var battles = new List<Battle>(count);
        for (var i = 0; i < count; i++)
        {
            var turns = Enumerable.Range(0, 1 + (random.Next(4) == 0 ? random.Next(4) : 0))
                .Select(_ => new Turn(Pick(ref random, Prompts), Pick(ref random, Responses), Pick(ref random, Responses))).ToArray();
            var isNamed = random.Next(10) > 0;
            battles.Add(new Battle
            {
                Id = $"id-{i}",
                Turns = turns,
                ModelA = isNamed ? Pick(ref random, Models) : null,
                ModelB = isNamed ? Pick(ref random, Models) : null,
                Verdict = random.Next(8) == 0 ? null : (Verdict)random.Next(4),
                Language = random.Next(5) == 0 ? "Klingon" : null,
                Timestamp = random.Next(3) == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + random.Next(10_000_000)),
                Tags = random.Next(3) == 0 ? ["code", "hard", "code"] : random.Next(3) == 0 ? ["easy"] : null,
                Source = random.Next(2) == 0 ? "set one" : null,
            });
        }

        return battles;
    }

    /// <summary>A complete index of battles, in a folder below.</summary>
    public static async Task<BattleIndex> IndexAsync(TemporaryFolder folder, IReadOnlyList<Battle> battles, string name = "battles.jsonl")
    {
        BattleWriter.WriteJsonl(folder[name], battles);
        return await OpenAsync(folder[name]);
    }

    /// <summary>The index of some files, complete.</summary>
    public static async Task<BattleIndex> OpenAsync(params string[] files)
    {
        var context = new JobContext { Judges = new JudgeRegistry([]), Threads = 2 };
        var index = await BattleIndex.OpenAsync(context, files, new BattleIndexOptions(), TestContext.Current.CancellationToken);
        await index.Completion;
        return index;
    }

    private static T Pick<T>(ref SeededRandom random, T[] items) => items[random.Next(items.Length)];
}
