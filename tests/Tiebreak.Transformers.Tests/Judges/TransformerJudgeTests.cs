using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using TorchSharp;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Every head as a judge: trained, saved, opened again, and asked in every way that must not matter.</summary>
public sealed class TransformerJudgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("classifier", false)]
    [InlineData("classifier", true)]
    [InlineData("siamese", false)]
    [InlineData("siamese", true)]
    [InlineData("generator", false)]
    [InlineData("reward", false)]
    [InlineData("reward", true)]
    [InlineData("regression", false)]
    [InlineData("regression", true)]
    [InlineData("probe", false)]
    [InlineData("probe", true)]
    public async Task A_judge_is_trained_saved_and_opened(string head, bool isEncoder)
    {
        var outcome = await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder));
        Assert.InRange(outcome.Result.LogLoss, 0.5, 1.3);

        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal(head is "reward" or "probe", bundle.OneOrder.Traits.IsSymmetric);
        var battles = SyntheticBattles.Create(20, seed: 8, labelled: false);
        var preferences = await bundle.Judge.JudgeAsync(battles);
        Assert.All(preferences, preference => Assert.True(preference.IsValid));
        Assert.True(preferences.Distinct().Count() > 10);

        var swapped = await bundle.Judge.JudgeAsync([.. battles.Select(battle => battle.Swapped())]);
        Near(preferences, [.. swapped.Select(preference => preference.Swapped())], 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_judge_that_multiplies_in_int8_is_near_the_exact_one(bool isEncoder)
    {
        var recipe = Recipe("reward", isEncoder);
        await JudgeBundles.TrainAsync(_folder["exact"], recipe);
        recipe["compute"] = "int8";
        await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        await using var exact = await JudgeBundles.OpenAsync(_folder["exact"]);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var battles = SyntheticBattles.Create(20, seed: 8, labelled: false);
        var (expected, actual) = (await exact.Judge.JudgeAsync(battles), await bundle.Judge.JudgeAsync(battles));
        Near(expected, actual, 0.1);
        Assert.NotEqual(expected, actual);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reward_model_gives_each_response_a_score_whatever_it_is_read_with(bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe("reward", isEncoder));
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var compare = bundle.OneOrder.Traits.CompareScores!;
        var outcomes = await bundle.OneOrder.JudgeAsync(new JudgeRequest
        {
            Battles = [Odd("01", "Why?", "Seven.", "Eight is none."), Odd("20", "Why?", "Nine, I think, or ten.", "Seven."),
                Odd("12", "Why?", "Eight is none.", "Nine, I think, or ten.")],
        });
        (double A, double B)[] scores = [.. outcomes.Select(outcome => outcome.Scores!.Value)];

        Assert.Equal(outcomes.Select(outcome => outcome.Preference), scores.Select(score => compare(score.A, score.B)));
        Assert.Equal(scores[0].A, scores[1].B, 1e-5);
        Assert.Equal(scores[0].B, scores[2].A, 1e-5);
        Assert.Equal(scores[1].A, scores[2].B, 1e-5);
        Assert.True(Math.Abs(scores[0].A - scores[0].B) > 1e-4);
    }

    [Theory]
    [InlineData("classifier")]
    [InlineData("siamese")]
    public async Task What_the_token_budget_costs_is_noted_as_the_judge_reads_and_equals_what_is_counted_apart(string head)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder: false));
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var judge = bundle.Judge.Traits.TokenBudget!;
        var battles = SyntheticBattles.Create(30, seed: 4, labelled: false);
        var (read, counted) = (new LossRecord(battles), new LossRecord(battles));

        judge.Losses = read;
        await bundle.Judge.JudgeAsync(battles);
        judge.Losses = null;
        await judge.MeasureLossesAsync(counted);

        Assert.Equal((30, 30), (read.Report().Battles, counted.Report().Battles));
        Assert.Equal(counted.Report().Parts, read.Report().Parts);
        Assert.Equal((counted.Report().Cut, counted.Report().Longest), (read.Report().Cut, read.Report().Longest));
    }

    [Theory]
    [InlineData("classifier", false)]
    [InlineData("siamese", true)]
    [InlineData("generator", false)]
    [InlineData("reward", false)]
    [InlineData("probe", true)]
    public async Task Preferences_do_not_depend_on_batch_order_and_threads(string head, bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder));
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var judge = bundle.OneOrder;
        Battle[] battles =
        [
            .. SyntheticBattles.Create(30, seed: 4, labelled: false), Odd("null", null, null, null), Odd("blank", "", "", ""),
        ];
        var together = await judge.JudgeAsync(battles);

        var alone = new List<Preference>();
        foreach (var battle in battles)
            alone.Add((await judge.JudgeAsync([battle]))[0]);
        Near(together, alone, 1e-5);
        Near([.. together.Reverse()], await judge.JudgeAsync([.. battles.Reverse()]), 1e-5);

        var callers = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(k => Task.Run(() => judge.JudgeAsync([.. battles.Skip(3 * k).Take(12)]))));
        for (var k = 0; k < callers.Length; k++)
            Near([.. together.Skip(3 * k).Take(12)], callers[k], 1e-5);

        await using var single = await JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 1 });
        Assert.Equal(1, await ThreadOf(single).LookAsync(_ => torch.get_num_threads()));
        Assert.Equal(2, await ThreadOf(bundle).LookAsync(_ => torch.get_num_threads()));
        Near(together, await single.OneOrder.JudgeAsync(battles), 1e-5);
    }

    [Theory]
    [InlineData("classifier", false)]
    [InlineData("classifier", true)]
    [InlineData("siamese", false)]
    [InlineData("generator", false)]
    public async Task Both_orders_together_are_what_each_is_by_itself(string head, bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder), battles: 30);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.Equal(!isEncoder, bundle.OneOrder.Traits.SharesOrders);
        var battles = SyntheticBattles.Create(20, seed: 4, labelled: false);
        var reports = new Reports();
        var both = await bundle.OneOrder.JudgeAsync(new JudgeRequest { Battles = battles, Orders = Orders.Both, Progress = reports });
        Assert.Equal(battles.Count, reports.Values[^1]);
        var first = await bundle.OneOrder.JudgeAsync(new JudgeRequest { Battles = battles });
        var second = await bundle.OneOrder.JudgeAsync(new JudgeRequest { Battles = battles, Orders = Orders.Second });
        Near([.. first.Select(one => one.First!.Value)], [.. both.Select(one => one.First!.Value)], 1e-5);
        Near([.. second.Select(one => one.Second!.Value)], [.. both.Select(one => one.Second!.Value)], 1e-5);
    }

    /// <summary>Slices of a batch each, and one of everything.</summary>
    [Theory]
    [InlineData("classifier", true, 1L)]
    [InlineData("generator", false, 1L)]
    [InlineData("reward", false, 1L << 40)]
    public async Task Layer_by_layer_a_judge_gives_the_same_bits(string head, bool isEncoder, long memory)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder), battles: 30);
        await using var whole = await JudgeBundles.OpenAsync(_folder["judge"]);
        await using var streamed = await JudgeBundles.OpenAsync(
            _folder["judge"], new Placement { Threads = 2, LayerMajor = true, MemoryBytes = memory });
        Assert.Null(whole.OneOrder.Traits.Notice);
        Assert.Contains("layer by layer", streamed.OneOrder.Traits.Notice, StringComparison.Ordinal);
        var battles = SyntheticBattles.Create(40, seed: 4, labelled: false);
        var reports = new Reports();
        Assert.Equal(await whole.OneOrder.JudgeAsync(battles), await streamed.OneOrder.JudgeAsync(battles, reports));
        Assert.Equal(reports.Values.Order(), reports.Values);
        Assert.Equal(40, reports.Values[^1]);
    }

    [Theory]
    [InlineData("classifier", true)]
    [InlineData("siamese", false)]
    [InlineData("generator", false)]
    [InlineData("reward", false)]
    public async Task Divided_among_devices_a_judge_gives_the_same_bits(string head, bool isEncoder)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder), battles: 30);
        await using var whole = await JudgeBundles.OpenAsync(_folder["judge"]);
        await using var split = await JudgeBundles.OpenAsync(_folder["judge"], new Placement { Threads = 2, Device = "cpu+cpu" });
        var battles = SyntheticBattles.Create(40, seed: 4, labelled: false);
        Assert.Equal(await whole.OneOrder.JudgeAsync(battles), await split.OneOrder.JudgeAsync(battles));
    }

    [Fact]
    public async Task What_a_closed_model_is_asked_fails_as_a_task()
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe("classifier", isEncoder: false), battles: 12);
        var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        await bundle.DisposeAsync();

        var late = ThreadOf(bundle).LookAsync(_ => 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late);
    }

    [Theory]
    [InlineData("classifier")]
    [InlineData("siamese")]
    [InlineData("generator")]
    [InlineData("reward")]
    [InlineData("probe")]
    public async Task A_batch_leaves_no_tensor_on_the_thread_of_the_model(string head)
    {
        await JudgeBundles.TrainAsync(_folder["judge"], Recipe(head, isEncoder: false), battles: 12);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var thread = ThreadOf(bundle);
        var battles = SyntheticBattles.Create(10, labelled: false);
        _ = await bundle.OneOrder.JudgeAsync(battles); // tables of positions are kept

        var before = await thread.LookAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        _ = await bundle.OneOrder.JudgeAsync(battles);
        Assert.Equal(before, await thread.LookAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount));
    }

    [Fact]
    public async Task A_classifier_without_ties_leaves_them_to_the_tie_model()
    {
        var recipe = new JsonObject
        {
            ["model"] = TinyModel.Deberta(_folder, outputs: 2),
            ["labels"] = new JsonArray("B", "A"),
            ["max_tokens"] = 96,
            ["ties"] = "davidson",
        };
        var outcome = await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        Assert.NotNull(outcome.Manifest.Training!["tie_parameter"]);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        Assert.All(
            await bundle.OneOrder.JudgeAsync(SyntheticBattles.Create(9, labelled: false)),
            preference => Assert.InRange(preference.Tie, 0.05, 0.6));
    }

    [Fact]
    public async Task Progress_counts_battles_and_cancelling_stops_between_batches()
    {
        var recipe = Recipe("classifier", isEncoder: true);
        recipe["batch_tokens"] = 64;
        await JudgeBundles.TrainAsync(_folder["judge"], recipe);
        await using var bundle = await JudgeBundles.OpenAsync(_folder["judge"]);
        var battles = SyntheticBattles.Create(50, labelled: false);

        var reports = new Reports();
        await bundle.OneOrder.JudgeAsync(battles, reports);
        Assert.Equal(50, reports.Values[^1]);
        Assert.Equal(reports.Values.Order(), reports.Values);
        Assert.True(reports.Values.Count > 20);

        using var stop = new CancellationTokenSource();
        var stopping = new Reports { Then = _ => stop.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bundle.OneOrder.JudgeAsync(battles, stopping, stop.Token));
        Assert.Single(stopping.Values);
        Assert.Equal(50, (await bundle.OneOrder.JudgeAsync(battles)).Length);
    }

    private JsonObject Recipe(string head, bool isEncoder)
    {
        var kind = head switch { "generator" => HeadKind.Generator, "siamese" => HeadKind.Siamese, _ => HeadKind.Classifier };
        var outputs = head is "reward" or "regression" ? 1 : 3;
        var model = isEncoder
            ? TinyModel.Deberta(_folder, kind: kind, outputs: outputs)
            : TinyModel.Gemma(_folder, kind: kind, outputs: outputs);
        return new JsonObject { ["model"] = model, ["head"] = head, ["max_tokens"] = isEncoder ? 96 : 384, ["batch_tokens"] = 600 };
    }

    private static ModelThread ThreadOf(Bundle bundle) => ((TransformerJudge)((MeasuredJudge)bundle.OneOrder).Inner).Model.Scorer.Thread;

    private static Battle Odd(string id, string? prompt, string? a, string? b) => new() { Id = id, Turns = [new Turn(prompt, a, b)] };

    private static void Near(IReadOnlyList<Preference> expected, IReadOnlyList<Preference> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++)
        {
            Assert.Equal(expected[i].A, actual[i].A, tolerance);
            Assert.Equal(expected[i].B, actual[i].B, tolerance);
            Assert.Equal(expected[i].Tie, actual[i].Tie, tolerance);
        }
    }

    private sealed class Reports : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public Action<int>? Then { get; init; }

        public void Report(int value)
        {
            Values.Add(value);
            Then?.Invoke(value);
        }
    }
}
