using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Splitting;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Splitting;

/// <summary>Prompts that mean the same never stand in two parts.</summary>
public sealed class MeaningGroupsTests
{
    // The second letter of a prompt is its meaning.
    private static readonly MeaningEmbedder Embedder = new(text => text[1] % 26) { Dimension = 26, Languages = [] };

    [Fact]
    public void No_meaning_stands_in_two_parts_and_no_battle_is_lost() => Sets.Sample(battles =>
    {
        battles = [.. battles.Select(Opening)];
        var groups = GroupAsync(battles, threads: 2).GetAwaiter().GetResult();
        Assert.Equal(groups, GroupAsync(battles, threads: 1).GetAwaiter().GetResult());

        var splits = new List<BattleSplit>
        {
            BattleSplitter.ByModel(battles, 0.3, groups: groups), BattleSplitter.ByTime(battles, 0.3, groups),
        };
        if (groups.Distinct().Count() >= 2)
            splits.Add(BattleSplitter.ByPrompt(battles, [0.7, 0.3], groups: groups));
        foreach (var split in splits)
        {
            var owners = split.Parts.SelectMany((part, i) => part.Select(battle => (Key: MeaningOf(battle), Part: i))).Distinct();
            Assert.All(owners.GroupBy(owner => owner.Key), group => Assert.Single(group));
            Assert.Equal(battles.Ids().Order(), split.Parts.SelectMany(part => part).Concat(split.SetAside).Ids().Order());
        }
    });

    [Fact]
    public async Task Likeness_is_passed_on_and_blank_prompts_are_like_nothing()
    {
        // Cosines: 0.8 between neighbours, 0.28 between the ends.
        var angles = new Dictionary<string, double>(StringComparer.Ordinal) { ["one"] = 0, ["two"] = 0.6435, ["three"] = 1.287 };
        var embedder = new AngleEmbedder(angles);
        Battle[] battles =
        [
            Battle("1", "one", "a", "b"), Battle("2", "three", "a", "b"), Battle("3", " ", "a", "b"), Battle("4", "TWO!", "a", "b"),
            Battle("5", null, "a", "b"), Battle("6", "two", "a", "b"),
        ];

        var alike = await BattleSplitter.GroupByMeaningAsync(battles, embedder, 0.79, threads: 2);
        Assert.Equal([0, 0, 1, 0, 2, 0], alike);
        var asWritten = await BattleSplitter.GroupByMeaningAsync(battles, embedder, 0.81, threads: 2);
        Assert.Equal([0, 1, 2, 3, 4, 3], asWritten);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => BattleSplitter.GroupByMeaningAsync(battles, embedder, leastCosine: 0, threads: 2));
    }

    [Fact]
    public async Task Prompts_that_the_embedder_does_not_read_are_compared_as_written()
    {
        var embedder = new MeaningEmbedder(_ => 0) { IsForeign = text => text.StartsWith("x ", StringComparison.Ordinal) };
        Battle[] battles =
        [
            Battle("1", "one", "a", "b"), Battle("2", "x one", "a", "b"), Battle("3", "two", "a", "b"), Battle("4", "x two", "a", "b"),
            Battle("5", "X one!", "a", "b"),
        ];
        var groups = await BattleSplitter.GroupByMeaningAsync(
            battles, embedder, 0.9, threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 0, 2, 1], groups);
    }

    private static Task<int[]> GroupAsync(Battle[] battles, int threads) =>
        BattleSplitter.GroupByMeaningAsync(battles, Embedder, 0.9, threads, TestContext.Current.CancellationToken);

    // The sets of the generator have few prompts; here they have many, of few meanings.
    private static Battle Opening(Battle battle, int i) => i % 7 == 0
        ? battle with { Turns = [battle.Turns[0] with { Prompt = null }] }
        : battle with { Turns = [battle.Turns[0] with { Prompt = $"q{(char)('a' + (i % 5))} number {i}" }] };

    private static string MeaningOf(Battle battle) => battle.Turns[0].Prompt?[..2] ?? battle.Id;

    private sealed class AngleEmbedder(Dictionary<string, double> angles) : Core.Embeddings.ITextEmbedder
    {
        public string ModelId => "angles";

        public int Dimension => 2;

        public IReadOnlyList<string> Languages => [];

        public Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) =>
            Task.FromResult<float[][]>([.. texts.Select(text => angles[text.ToLowerInvariant().TrimEnd('!')])
                .Select(angle => new[] { (float)Math.Cos(angle), (float)Math.Sin(angle) })]);
    }
}
