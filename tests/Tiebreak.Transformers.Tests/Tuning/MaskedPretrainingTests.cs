using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Training;
using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Tests.Judges;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Judges whose models guess masked tokens before they learn from votes.</summary>
public sealed class MaskedPretrainingTests : IDisposable
{
    private static readonly LabelledBattles Battles = new(SyntheticBattles.Create(40));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public async Task The_judge_stands_on_the_model_that_it_leaves(string method)
    {
        var training = TunedJudges.Training(_folder["judge"], Recipe(method), new Holdout(0.3)) with { WorkFolder = _folder["work"] };
        var outcome = await training.RunAsync(Battles);
        var mlm = outcome.Manifest.Training!["mlm"]!;
        Assert.Equal("drawn", (string)mlm["head"]!);
        Assert.InRange((double)mlm["loss_of_last_quarter"]!, 0.1, (double)mlm["loss_of_first_quarter"]! - 0.3);
        Assert.Contains(
            outcome.Manifest.Training["notes"]!.AsArray(),
            note => ((string)note!).Contains("hold no head that guesses masked tokens", StringComparison.Ordinal));

        // The bundle holds all that it needs: neither the model of the recipe nor the work is read.
        Directory.Delete(_folder["bert"], recursive: true);
        Directory.Move(_folder["work/mlm/model"], _folder["moved"]);
        var said = await TunedJudges.AskAsync(_folder["judge"], outcome.Target.Battles);
        Assert.Equal(
            (double)outcome.Manifest.Training["loss_before_calibration"]!, said.Zip(outcome.Target.Targets, LogLoss.Of).Average(), 1e-5);
        Assert.Equal(method is "lora", File.Exists(_folder["judge/adapter_model.safetensors"]));

        // An ordinary checkpoint: with the names of the whole model, a pooler, and a head that a second training goes on with.
        using (var model = Checkpoint.Open(_folder["moved"]))
        {
            Assert.True(model.Contains("bert.pooler.dense.weight"));
            Assert.True(model.Contains("cls.predictions.transform.LayerNorm.bias"));
            Assert.All(model.Entries, entry => Assert.Matches(@"^(bert|cls)\.", entry.Name));
        }

        Assert.Contains("BertForMaskedLM", File.ReadAllText(_folder["moved/config.json"]), StringComparison.Ordinal);
        var further = await TunedJudges.TrainAsync(_folder["further"], Recipe(method, _folder["moved"]));
        Assert.Equal("stored", (string)further.Manifest.Training!["mlm"]!["head"]!);
    }

    [Fact]
    public async Task Killed_after_any_checkpoint_it_goes_on_to_the_same_bytes()
    {
        var training = TunedJudges.Training(_folder["judge"], Recipe("full"), new Holdout(0.3));
        _ = await training.RunAsync(Battles);
        foreach (var events in new[] { 2, 7 })
        {
            var again = training with { Out = _folder[$"again-{events}"], WorkFolder = _folder[$"work-{events}"], Resume = true };
            _ = await Assert.ThrowsAsync<KilledException>(() => (again with { Log = new Killer(events) }).RunAsync(Battles));
            _ = await again.RunAsync(Battles);
            Assert.Equal(
                File.ReadAllBytes(_folder["judge/model/model.safetensors"]),
                File.ReadAllBytes(_folder[$"again-{events}/model/model.safetensors"]));
            Assert.False(File.Exists(_folder[$"work-{events}/mlm/checkpoint.safetensors"]));
        }
    }

    [Theory]
    [InlineData("""{"mlm": {"epochs": 1, "share": 1}}""", "float32", null, "\"tuning.mlm.share\" is out of range")]
    [InlineData("""{"mlm": {"epochs": 1}}""", "float16", null, "does not guess masked tokens in float16")]
    [InlineData("""{"mlm": {"epochs": 1}, "method": "lora"}""", "float32", "adapter", "changes the model under the adapter")]
    public void A_wrong_section_is_refused(string tuning, string dtype, string? adapter, string said)
    {
        var keys = JsonNode.Parse(tuning)!.AsObject();
        keys["method"] ??= "full";
        var recipe = new JsonObject { ["model"] = TinyModel.BareBert(_folder), ["dtype"] = dtype, ["adapter"] = adapter, ["tuning"] = keys };
        var error = Assert.Throws<InputException>(() => TunedJudges.Training(_folder["judge"], recipe, new Holdout(0.3)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private JsonObject Recipe(string method, string? model = null) => TunedJudges.Recipe(
        model ?? TinyModel.BareBert(_folder), method, change: tuning =>
        {
            tuning["epochs"] = 1;
            tuning["mlm"] = new JsonObject { ["epochs"] = 6, ["batch_size"] = 8, ["learning_rate"] = 0.01 };
        });

    /// <summary>Ends a training at one of its events: the steps and the checkpoints of the masked tokens come first.</summary>
    private sealed class Killer(int events) : IProgress<TrainingEvent>
    {
        private int _left = events;

        public void Report(TrainingEvent value)
        {
            if (_left-- == 0)
                throw new KilledException();
        }
    }

    private sealed class KilledException : Exception;
}
