using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Core.Metrics;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Tuning;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Sides that are read as several texts.</summary>
public sealed class ChunkedJudgeTests : IDisposable
{
    private const int MaxTokens = 24;

    private readonly TemporaryFolder _folder = new();

    public ChunkedJudgeTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void The_state_of_a_side_is_the_mean_of_its_chunks_by_their_tokens(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var states = tensor(new float[] { 1, 2, 8, 0, 3, 1, 5, 5 }, [4, 2]).to(type);
        TokenSequence[] sides = [One(9, continues: false), One(3, continues: false), One(1, continues: true), One(7, continues: false)];
        Assert.Equal([1f, 2, 6.75f, 0.25f, 5, 5], Numbers(new PackedTokens(sides).MeanOfChunks(states)));
        Assert.Same(states, new PackedTokens([sides[0], sides[3], sides[0], sides[3]]).MeanOfChunks(states));

        static TokenSequence One(int weight, bool continues) => new("1", [1]) { ChunkWeight = weight, ContinuesSide = continues };
        static float[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    [Theory]
    [InlineData("reward", true)]
    [InlineData("siamese", false)]
    public async Task Texts_that_fit_keep_their_bits_and_others_are_read_to_their_end(string head, bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["plain"], Recipe(head, isEncoder, chunks: 1), battles: 12);
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder, chunks: 8), battles: 12);
        await using var plain = await JudgeBundles.OpenAsync(_folder["plain"], new Placement { Threads = 2, IsInvariant = true });
        await using var judge = await JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 2, IsInvariant = true });

        Battle[] battles =
        [
            Odd("1", "Why?", "good tree", "quiet"), Odd("2", "Why?", $"{Long} good", "no"), Odd("3", "Why?", $"{Long} quiet", "no"),
        ];
        var (cut, read) = (await plain.OneOrder.JudgeAsync(battles), await judge.OneOrder.JudgeAsync(battles));
        Assert.Equal(cut[0], read[0]);
        Assert.Equal(cut[1], cut[2]); // their beginnings are alike
        Assert.NotEqual(read[1], read[2]);
    }

    [Theory]
    [InlineData("reward", false)]
    [InlineData("probe", true)]
    public async Task Nothing_depends_on_batch_order_and_neighbours(string head, bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder, chunks: 3), battles: 12);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Battle[] battles =
        [
            .. SyntheticBattles.Create(6, seed: 4, labelled: false), Odd("long", "Why?", Long, "no"),
            Odd("longer", Long, $"{Long} {Long}", Long), Odd("null", null, null, null),
        ];
        var together = await bundle.OneOrder.JudgeAsync(battles);
        var reversed = await bundle.OneOrder.JudgeAsync([.. battles.Reverse()]);
        for (var i = 0; i < battles.Length; i++)
        {
            Near(together[i], (await bundle.OneOrder.JudgeAsync([battles[i]]))[0]);
            Near(together[i], reversed[^(i + 1)]);
            Near(together[i], (await bundle.OneOrder.JudgeAsync([battles[i].Swapped()]))[0].Swapped());
        }

        var losses = new LossRecord(battles);
        await bundle.Judge.Traits.TokenBudget!.MeasureLossesAsync(losses);
        Assert.Equal((battles.Length, isEncoder ? MaxTokens : 80), (losses.Report().Battles, losses.Report().Longest));
    }

    [Theory]
    [InlineData("bert", "full", "siamese")]
    [InlineData("gemma", "lora", "reward")]
    public async Task What_training_measured_is_what_the_bundle_says(string family, string method, string head)
    {
        var model = family is "bert" ? TinyModel.BareBert(_folder) : TinyModel.Gemma(_folder, kind: HeadKind.Reward, outputs: 1);
        var battles = SyntheticBattles.Create(24);
        var recipe = TunedJudges.Recipe(model, method, head, maxTokens: family is "bert" ? MaxTokens : 80);
        var cut = await TunedJudges.TrainAsync(_folder["cut"], (JsonObject)recipe.DeepClone(), battles: battles);
        recipe["chunks"] = 3;
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], recipe, battles: battles);
        var report = outcome.Manifest.Training!;
        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal((double)report["loss_before_calibration"]!, said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), 1e-5);
        Assert.NotEqual((double)cut.Manifest.Training!["loss_before_calibration"]!, (double)report["loss_before_calibration"]!);
    }

    [Fact]
    public void A_plan_counts_chunks_with_and_without_a_tokenizer()
    {
        var recipe = JudgeRecipe.Read(new Recipe("transformer", Recipe("reward", isEncoder: true, chunks: 3)));
        Battle[] battles = [Odd("1", "Why?", "yes", "no"), Odd("2", "Why?", Long, "good stone")];
        var lengths = new BattleLengths
        {
            Model = recipe.Options.Model!,
            MaxTokens = MaxTokens,
            Chunks = 3,
            Template = recipe.Template,
            EstimateTokens = text => text?.Length ?? 0,
            Threads = 1,
        };
        var (counted, isEstimate) = lengths.Of(battles, TestContext.Current.CancellationToken);
        Assert.False(isEstimate);
        Assert.Equal(2, counted[0].Length);
        Assert.Equal(4, counted[1].Length);
        Assert.All(counted[1], tokens => Assert.InRange(tokens, 1, MaxTokens));

        var empty = Directory.CreateDirectory(_folder["none"]).FullName;
        var (estimated, _) = (lengths with { Model = empty }).Of(battles, TestContext.Current.CancellationToken);
        Assert.Equal([8, 7], estimated[0]);
        Assert.Equal([24, 24, 24, 15], estimated[1]);
    }

    // 40 words, which are tokens of the encoders.
    private static string Long { get; } = string.Join(' ', Enumerable.Repeat("tree river stone cloud", 10));

    private JsonObject Recipe(string head, bool isEncoder, int chunks)
    {
        var kind = head is "siamese" ? HeadKind.Siamese : HeadKind.Classifier;
        var outputs = head is "reward" ? 1 : 3;
        var recipe = new JsonObject
        {
            ["model"] = isEncoder
                ? TinyModel.Deberta(_folder, kind: kind, outputs: outputs) : TinyModel.Gemma(_folder, kind: kind, outputs: outputs),
            ["head"] = head,
            ["max_tokens"] = isEncoder ? MaxTokens : 80, // letters
            ["chunks"] = chunks,
            ["batch_tokens"] = 200,
        };
        if (head is "reward")
            (recipe["scale"], recipe["tie_parameter"]) = (1, 0.5); // fitted ones depend on all texts
        return recipe;
    }

    private static Battle Odd(string id, string? prompt, string? a, string? b) => new() { Id = id, Turns = [new Turn(prompt, a, b)] };

    private static void Near(Preference expected, Preference actual)
    {
        Assert.Equal(expected.A, actual.A, 1e-5);
        Assert.Equal(expected.B, actual.B, 1e-5);
        Assert.Equal(expected.Tie, actual.Tie, 1e-5);
    }
}
