using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Judges;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>A tuned judge says the same in its training, in its bundle and in the exported model, and it has learned.</summary>
public sealed class TunedJudgeTests : IDisposable
{
    private const double Rounding = 1e-5;

    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(60);

    private readonly TemporaryFolder _folder = new();

    public TunedJudgeTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gemma", "full", "classifier")]
    [InlineData("gemma", "lora", "siamese")]
    [InlineData("gemma", "full", "reward")]
    [InlineData("gemma", "lora", "regression")]
    [InlineData("generator", "lora", "generator")]
    [InlineData("generator", "full", "classifier")] // the head is new
    [InlineData("bert", "full", "classifier")]
    [InlineData("bert", "lora", "classifier")]
    [InlineData("bert", "full", "siamese")]
    [InlineData("deberta", "lora", "siamese")]
    public async Task What_training_measured_is_what_the_bundle_says(string family, string method, string head)
    {
        var recipe = TunedJudges.Recipe(ModelOf(family), method, head, maxTokens: head is "generator" ? 200 : 120);
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], recipe);
        var report = outcome.Manifest.Training!;
        var evaluations = report["tuning"]!["evaluations"]!.AsArray();
        Assert.Equal(2, evaluations.Count);
        Assert.Equal((double)evaluations[^1]!, (double)report["loss_before_calibration"]!, 1e-12);

        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal((double)evaluations[^1]!, said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), Rounding);
        Assert.Equal(method is "full", Directory.Exists(_folder["judge/model"]));
        Assert.Equal(method is "lora", File.Exists(_folder["judge/adapter_model.safetensors"]));
    }

    [Fact]
    public async Task It_learns()
    {
        var battles = SyntheticBattles.Create(300);
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", "reward", tuning =>
        {
            tuning["epochs"] = 3;
            tuning["learning_rate"] = 0.003;
            tuning["dropout"] = 0;
        });
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], recipe, new Holdout(0.3), battles);
        var shares = PriorJudge.SharesOf(outcome.Target.Targets);
        var ofShares = outcome.Target.Targets.Average(target => LogLoss.Of(shares, target));
        Assert.InRange((double)outcome.Manifest.Training!["loss_before_calibration"]!, 0.3, ofShares - 0.1);
        Assert.Null(outcome.Manifest.Training["notes"]);
    }

    /// <summary>Two teachers, one of them silent every second time, say that all is a tie; votes by chance teach nothing.</summary>
    [Fact]
    public async Task It_learns_from_teachers()
    {
        IReadOnlyList<Battle> battles =
            [.. SyntheticBattles.Create(120).Select((battle, i) => battle with { Verdict = (Verdict)(i * i % 7 % 3) })];
        var tie = new Preference(0.05, 0.05, 0.9);
        var labelled = new LabelledBattles(battles)
            .WithTeachers([[.. battles.Select(_ => (Preference?)tie)], [.. battles.Select((_, i) => i % 2 == 0 ? null : (Preference?)tie)]]);
        var (alone, distilled) = (await TieShareAsync("alone", share: 0), await TieShareAsync("distilled", share: 1));
        Assert.InRange(alone, 0.1, 0.5);
        Assert.InRange(distilled, 0.8, 0.95);

        async Task<double> TieShareAsync(string name, double share)
        {
            var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", change: tuning =>
            {
                tuning["epochs"] = 4;
                tuning["distillation"] = new JsonObject { ["share"] = share, ["weights"] = new JsonArray(1, 2), ["cosine"] = share / 10 };
            });
            _ = await TunedJudges.Training(_folder[name], recipe, new Holdout(0.3)).RunAsync(labelled);
            return (await TunedJudges.AskAsync(_folder[name], battles)).Average(said => said.Tie);
        }
    }

    [Fact]
    public async Task Weights_for_other_teachers_than_there_are_are_refused()
    {
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", change: tuning =>
            tuning["distillation"] = new JsonObject { ["weights"] = new JsonArray(1, 2) });
        var error = await Assert.ThrowsAsync<InputException>(() => TunedJudges.TrainAsync(_folder["judge"], recipe));
        Assert.Contains("has numbers for 2 teachers, but 0 were given", error.Message, StringComparison.Ordinal);
        Assert.Equal(["teachers"], error.Parameters);
    }

    [Theory]
    [InlineData("gemma", "rslora")]
    [InlineData("gemma", "dora")]
    [InlineData("bert", null)]
    public async Task The_merged_export_says_the_same(string family, string? variant)
    {
        var model = ModelOf(family);
        var recipe = TunedJudges.Recipe(model, "lora", change: tuning =>
            tuning["lora"] = variant is null ? [] : new JsonObject { [variant] = true, ["rank"] = 4, ["b_ratio"] = 2 });
        _ = await TunedJudges.TrainAsync(_folder["judge"], recipe);
        _ = await AdapterMerge.RunAsync(model, _folder["judge"], _folder["merged"]);
        await SaysTheSameAsync(_folder["judge"], _folder["merged"]);
    }

    [Fact]
    public async Task The_tuned_model_is_an_ordinary_checkpoint_and_can_be_tuned_further()
    {
        _ = await TunedJudges.TrainAsync(_folder["judge"], TunedJudges.Recipe(TinyModel.BareBert(_folder), "full"));
        await SaysTheSameAsync(_folder["judge"], _folder["judge/model"]);

        // Half of the battles that the second judge is measured by are known to the first one.
        var recipe = TunedJudges.Recipe(_folder["judge/model"], "lora");
        IReadOnlyList<Battle> others =
        [
            .. SyntheticBattles.Create(30),
            .. SyntheticBattles.Create(30, seed: 5)
                .Select(battle => battle with { Turns = [battle.Turns[0] with { Prompt = $"New {battle.Id}" }] }),
        ];
        var outcome = await TunedJudges.TrainAsync(_folder["second"], recipe, new CrossValidation(2), others);
        Assert.Contains("the prompts of 30 of the 60 battles", (string)outcome.Manifest.Training!["notes"]![0]!, StringComparison.Ordinal);
    }

    /// <summary>So that PEFT and transformers load them into BertForSequenceClassification, whatever the base was saved from.</summary>
    [Fact]
    public async Task Files_have_the_names_of_the_whole_model()
    {
        var model = TinyModel.BareBert(_folder);
        _ = await TunedJudges.TrainAsync(_folder["full"], TunedJudges.Recipe(model, "full"));
        _ = await TunedJudges.TrainAsync(_folder["lora"], TunedJudges.Recipe(model, "lora", change: tuning =>
            tuning["lora"] = new JsonObject { ["targets"] = new JsonArray("query") }));
        string[] head = ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"];
        using var full = Checkpoint.Open(_folder["full/model"]);
        using var bare = Checkpoint.Open(model);
        Assert.Equal(
            [.. bare.Entries.Select(entry => $"bert.{entry.Name}").Union(head, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            full.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));

        using var adapter = Checkpoint.Open(_folder["lora/adapter_model.safetensors"]);
        string[] parts =
        [
            .. from layer in new[] { 0, 1 }
               from part in new[] { "A", "B" }
               select $"bert.encoder.layer.{layer}.attention.self.query.lora_{part}.weight",
            .. head,
        ];
        Assert.Equal(
            parts.Select(name => $"base_model.model.{name}").Order(StringComparer.Ordinal),
            adapter.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));

        var config = JsonNode.Parse(File.ReadAllText(_folder["full/model/config.json"]))!;
        Assert.Equal("BertForSequenceClassification", (string)config["architectures"]![0]!);
        Assert.Equal("tie", (string)config["id2label"]!["2"]!);
    }

    [Fact]
    public async Task An_adapter_is_tuned_further()
    {
        var model = TinyModel.Gemma(_folder);
        _ = await TunedJudges.TrainAsync(_folder["first"], TunedJudges.Recipe(model, "lora"));
        var recipe = TunedJudges.Recipe(model, "lora");
        recipe["adapter"] = _folder["first"];
        _ = await TunedJudges.TrainAsync(_folder["second"], recipe, battles: SyntheticBattles.Create(60, seed: 9));
        Assert.NotEqual(await TunedJudges.AskAsync(_folder["first"], Battles), await TunedJudges.AskAsync(_folder["second"], Battles));
        Assert.Equal(File.ReadAllText(_folder["first/adapter_config.json"]), File.ReadAllText(_folder["second/adapter_config.json"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_best_weights_are_kept_where_they_are_asked_for(bool isHoldout)
    {
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", "reward", tuning =>
        {
            tuning["keep"] = "best";
            tuning["epochs"] = 4;
            tuning["batch_size"] = 4;
            tuning["learning_rate"] = 0.005;
            tuning["schedule"] = "constant";
            tuning["dropout"] = 0;
        });

        // Verdicts by chance: whatever is learned of them is wrong for others.
        IReadOnlyList<Battle> battles =
            [.. SyntheticBattles.Create(80).Select((battle, i) => battle with { Verdict = (Verdict)(i * i % 7 % 3) })];
        var outcome = await TunedJudges.TrainAsync(
            _folder["judge"], recipe, isHoldout ? new Holdout(0.3) : new CrossValidation(2), battles);
        var tuning = outcome.Manifest.Training!["tuning"]!;
        double[] losses = [.. tuning["evaluations"]!.AsArray().Select(loss => (double)loss!)];
        Assert.Equal(4, losses.Length);
        Assert.True(losses.Min() < losses[^1] - 0.001, $"The last weights are the best, which shows nothing: {string.Join(' ', losses)}");
        Assert.Equal(losses.Min(), (double)outcome.Manifest.Training["loss_before_calibration"]!, 1e-6);
        if (isHoldout)
        {
            var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
            Assert.Equal(losses.Min(), said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), Rounding);
        }
        else
        {
            // 80 battles in both orders, 4 a step: 40 steps a pass, each with an evaluation.
            Assert.Equal(40 * (Array.IndexOf(losses, losses.Min()) + 1), (int)tuning["steps"]!);
        }
    }

    [Fact]
    public async Task The_judge_may_be_the_mean_of_the_folds()
    {
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", change: tuning => tuning["final"] = "average");
        var training = TunedJudges.Training(_folder["judge"], recipe, new CrossValidation(3)) with { WorkFolder = _folder["work"] };
        _ = await training.RunAsync(new LabelledBattles(Battles));
        using var judge = Checkpoint.Open(_folder["judge/model"]);
        Checkpoint[] folds = [.. Enumerable.Range(1, 3).Select(fold => Checkpoint.Open(_folder[$"work/fold-{fold}.safetensors"]))];
        foreach (var name in new[] { "classifier.weight", "bert.encoder.layer.1.output.dense.weight" })
        {
            using var scope = NewDisposeScope();
            var stored = name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name;
            Tensor[] ofFolds = [.. folds.Select(fold => fold.Load($"parameter {stored}"))];
            Assert.False(ofFolds[0].allclose(ofFolds[1]));
            Assert.True(judge.Load(name).allclose(stack(ofFolds).mean([0]), rtol: 1e-5, atol: 1e-7), name);
        }

        Array.ForEach(folds, fold => fold.Dispose());
        var error = await Assert.ThrowsAsync<InputException>(() => TunedJudges.TrainAsync(_folder["other"], recipe));
        Assert.Contains("it needs the recipe's key folds", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learning_rate", 1e-12, "The head has not moved")]
    [InlineData("learning_rate", 1e-12, "The loss stays at that of the class shares")]
    [InlineData("batch_size", 500, "the effective batch is smaller")]
    public async Task A_training_that_went_wrong_is_told(string key, double value, string said)
    {
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", change: tuning => tuning[key] = value);
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], recipe);
        Assert.Contains(outcome.Manifest.Training!["notes"]!.AsArray(), note => ((string)note!).Contains(said, StringComparison.Ordinal));
    }

    /// <summary>Ties hardly count, but people vote for them as often as ever.</summary>
    [Fact]
    public async Task A_judge_that_never_expects_a_tie_is_told()
    {
        var battles = SyntheticBattles.Create(200);
        var labelled = new LabelledBattles(battles) { Weights = [.. battles.Select(battle => battle.Verdict is Verdict.Tie ? 1e-4 : 1)] };
        var recipe = TunedJudges.Recipe(TinyModel.BareBert(_folder), "full", change: tuning => tuning["epochs"] = 3);
        var outcome = await TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3)).RunAsync(labelled);
        Assert.Contains(
            outcome.Manifest.Training!["notes"]!.AsArray(),
            note => ((string)note!).Contains("never expects a tie", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bfloat16_and_gradient_checkpointing_train_as_well()
    {
        var recipe = TunedJudges.Recipe(TinyModel.Gemma(_folder), "lora", change: tuning => tuning["gradient_checkpointing"] = true);
        recipe["dtype"] = "bfloat16";
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], recipe);
        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal(
            (double)outcome.Manifest.Training!["loss_before_calibration"]!, said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), 0.02);
    }

    [Fact]
    public async Task An_adapter_learns_on_a_quantised_base_and_the_base_does_not()
    {
        var quantized = new QuantizeModel
        {
            Model = TinyModel.Gemma(_folder),
            Out = _folder["packed"],
            Options = new QuantizationOptions { Format = QuantizationFormat.Nf4 },
            Threads = 1,
        };
        _ = await quantized.RunAsync();
        var outcome = await TunedJudges.TrainAsync(_folder["judge"], TunedJudges.Recipe(_folder["packed"], "lora"));
        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal(
            (double)outcome.Manifest.Training!["loss_before_calibration"]!,
            said.Zip(outcome.Target.Targets, LogLoss.Of).Average(),
            Rounding);

        var error = await Assert.ThrowsAsync<InputException>(
            () => TunedJudges.TrainAsync(_folder["whole"], TunedJudges.Recipe(_folder["packed"], "full")));
        Assert.Contains("quantised weights", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"methd": "full"}""", "unknown key \"tuning.methd\". The nearest of kind \"transformer\" are tuning.method")]
    [InlineData("""{"method": "fully"}""", "\"tuning.method\" is \"fully\"; it must be one of none, full, lora")]
    [InlineData("""{"method": "full", "final": "average", "keep": "best"}""", "do not go together")]
    [InlineData("""{"method": "full", "epochs": 0}""", "\"tuning.epochs\" is out of range")]
    [InlineData("""{"method": "lora", "lora": {"rank": 0}}""", "\"tuning.lora.rank\" is out of range")]
    [InlineData(
        """{"method": "full", "orders": "both"}""", "\"tuning.orders\" is \"both\"; it must be one of as_given, coin, rows, together")]
    public void A_wrong_section_is_refused(string tuning, string said)
    {
        var recipe = new JsonObject { ["model"] = TinyModel.Gemma(_folder), ["tuning"] = JsonNode.Parse(tuning) };
        var error = Assert.Throws<InputException>(() => TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private async Task SaysTheSameAsync(string bundle, string model)
    {
        var plain = new JsonObject { ["model"] = model, ["head"] = "classifier", ["max_tokens"] = 120 };
        _ = await JudgeBundles.TrainAsync(_folder["plain"], plain);
        var (expected, said) = (await TunedJudges.AskAsync(bundle, Battles), await TunedJudges.AskAsync(_folder["plain"], Battles));
        Assert.All(expected.Zip(said), pair =>
        {
            Assert.Equal(pair.First.A, pair.Second.A, Rounding);
            Assert.Equal(pair.First.Tie, pair.Second.Tie, Rounding);
        });
    }

    private string ModelOf(string family) => family switch
    {
        "bert" => TinyModel.BareBert(_folder),
        "deberta" => TinyModel.Deberta(_folder),
        "generator" => TinyModel.Gemma(_folder, kind: HeadKind.Generator),
        _ => TinyModel.Gemma(_folder),
    };
}
