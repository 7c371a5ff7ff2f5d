using System.Text.Json.Nodes;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Invariance;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Golden;
using Tiebreak.Transformers.Tests.Judges;

namespace Tiebreak.Transformers.Tests.Invariance;

/// <summary>A battle that is computed by itself has the same bits whatever else is computed, in whatever order and way.</summary>
public sealed class InvariantScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public async Task It_holds_for_every_family(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        await HoldsAsync(_folder.Path, adapter: null, DType.Float32, LinearCompute.Float);
        await HoldsAsync(_folder.Path, adapter: null, DType.BFloat16, LinearCompute.Float);
        await HoldsAsync(_folder.Path, adapter: null, DType.Float32, LinearCompute.Int8);
    }

    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public async Task It_holds_for_published_families(string name)
    {
        var golden = new GoldenCase(name);
        await HoldsAsync(golden.Folder, golden.Adapter, DType.Float32, LinearCompute.Float);
    }

    /// <summary>Alone, among others, in another order, in both orders at once, and with the orders asked one after the other, as runs do.</summary>
    [Theory]
    [InlineData("classifier", false)]
    [InlineData("classifier", true)]
    [InlineData("generator", false)]
    [InlineData("reward", false)]
    [InlineData("siamese", true)]
    public async Task A_judge_gives_a_battle_the_same_bits_however_it_is_asked(string head, bool isEncoder)
    {
        var kind = head switch
        {
            "generator" => HeadKind.Generator,
            "siamese" => HeadKind.Siamese,
            _ => HeadKind.Classifier,
        };
        var outputs = head is "reward" ? 1 : 3;
        var model = isEncoder
            ? TinyModel.Deberta(_folder, kind: kind, outputs: outputs)
            : TinyModel.Gemma(_folder, kind: kind, outputs: outputs);
        var recipe = new JsonObject { ["model"] = model, ["head"] = head, ["max_tokens"] = isEncoder ? 96 : 384, ["batch_tokens"] = 600 };
        await JudgeBundles.TrainAsync(_folder["judge"], recipe, battles: 30);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 2, IsInvariant = true });
        var (judge, battles) = (bundle.OneOrder, SyntheticBattles.Create(12, seed: 4, labelled: false));
        var both = await judge.JudgeAsync(new JudgeRequest { Battles = battles, Orders = Orders.Both });
        var first = await judge.JudgeAsync(new JudgeRequest { Battles = [.. battles.Reverse()] });
        var second = await judge.JudgeAsync(new JudgeRequest { Battles = [.. battles.Skip(3)], Orders = Orders.Second });
        Assert.Equal(first.Reverse().Select(outcome => outcome.First), both.Select(outcome => outcome.First));
        Assert.Equal(second.Select(outcome => outcome.Second), both.Skip(3).Select(outcome => outcome.Second));
        for (var i = 0; i < battles.Count; i++)
            Assert.Equal(both[i].First, (await judge.JudgeAsync(new JudgeRequest { Battles = [battles[i]] }))[0].First);
    }

    private static async Task HoldsAsync(string folder, string? adapter, DType type, LinearCompute compute)
    {
        var check = await new CheckModel
        {
            Model = folder,
            Adapter = adapter,
            Type = type,
            Compute = compute,
            BatchTokens = 100,
            Threads = 2,
            Rows = [.. Enumerable.Range(0, 7).Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 3 + (4 * i)).Select(j => ((i * 7) + (j * j)) % 30)]))],
        }.RunAsync();
        Assert.Equal(7, check.Rows);
        Assert.True(check.Holds, string.Join("; ", check.Ways));
        Assert.All(check.Ways, way => Assert.InRange(way.LargestChange, 0, type is DType.Float32 ? 1e-4 : 0.1));
    }
}
