using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>A backward pass that computes layers again gives the gradients of one that keeps everything.</summary>
public sealed class CheckpointedRunnerTests
{
    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];

    public CheckpointedRunnerTests() => TorchRuntime.Start();

    public static TheoryData<string> Families => [.. TinyFamilies.Configurations.Keys, "gemma2", "deberta-v2"];

    /// <summary>To the byte, with dropout everywhere: of all weights, and of an adapter for all linear layers.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_are_those_of_resident_layers(string family)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var json = ConfigOf(family);
        var config = JsonNode.Parse(json)!.AsObject();
        foreach (var key in new[] { "attention_dropout", "hidden_dropout_prob", "attention_probs_dropout_prob", "resid_pdrop", "mlp_dropout" })
            config[key] = 0.2;
        TinyCheckpoint.Write(folder, json, writtenJson: config.ToJsonString());
        foreach (var adapter in new[] { null, Adapter("""{"use_rslora": true}"""), Adapter("""{"use_dora": true}""") })
        {
            var expected = Gradients(folder.Path, adapter, isCheckpointed: false);
            var actual = Gradients(folder.Path, adapter, isCheckpointed: true);
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.All(expected, pair => Assert.True(
                pair.Value is null ? actual[pair.Key] is null : pair.Value.Equals(actual[pair.Key]!), pair.Key));
        }
    }

    /// <summary>Parts of all kinds: those computed again, and those that the backward pass begins with.</summary>
    private static string ConfigOf(string family)
    {
        var json = family switch
        {
            "gemma2" => TinyCheckpoint.Gemma2,
            "deberta-v2" => TinyCheckpoint.Deberta,
            _ => TinyFamilies.Configurations[family],
        };
        return json.Replace("_layers\": 2", "_layers\": 4", StringComparison.Ordinal)
            .Replace("[1, 0]", "[1, 0, 1, 0]", StringComparison.Ordinal);
    }

    private static AdapterConfig Adapter(string kind)
    {
        var config = JsonNode.Parse(kind)!.AsObject();
        config["peft_type"] = "LORA";
        config["target_modules"] = "all-linear";
        config["lora_dropout"] = 0.3;
        return AdapterConfig.Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()), "adapter"));
    }

    private static Dictionary<string, Tensor?> Gradients(string folder, AdapterConfig? adapter, bool isCheckpointed)
    {
        using var model = TrainableModel.Create(
            ModelFiles.Open(folder, adapter: null), new TrainableModelOptions { IsCheckpointed = isCheckpointed, NewAdapter = adapter });
        Assert.Equal(isCheckpointed, model.Model.Layers is CheckpointedRunner);
        using (no_grad())
        {
            // An adapter begins with zeros, which would hide gradients.
            foreach (var (name, parameter) in model.Parameters.Tensors.Where(pair => pair.Key.Contains("lora_B", StringComparison.Ordinal)))
                _ = parameter.copy_(arange(parameter.numel()).view(parameter.shape).sin());
        }

        model.Dropout.Seed = 5;
        var loss = new PreferenceLoss(new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain));
        loss.Of(model.Outputs(Rows), tensor(new float[,] { { 0, 0.9f, 0.1f }, { 1, 0, 0 } })).Loss.mean().backward();
        return model.Parameters.Tensors.ToDictionary(
            pair => pair.Key, pair => pair.Value.grad?.detach().clone(), StringComparer.Ordinal);
    }
}
