using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Adapters;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Engine;

/// <summary>A backward pass that computes layers again gives the gradients of one that keeps everything.</summary>
public sealed class CheckpointedRunnerTests
{
    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];

    public CheckpointedRunnerTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(TinyCheckpoint.Gemma2, false)]
    [InlineData(TinyCheckpoint.Gemma2, true)] // the embedding does not learn
    [InlineData(TinyCheckpoint.Deberta, false)]
    public void Gradients_are_those_of_resident_layers(string json, bool hasAdapter)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var config = JsonNode.Parse(json)!.AsObject();
        config["attention_dropout"] = 0.2;
        config["hidden_dropout_prob"] = 0.2;
        TinyCheckpoint.Write(folder, json, writtenJson: config.ToJsonString());
        var adapter = hasAdapter ? TinyAdapter.Write(folder) : null;

        var expected = Gradients(isCheckpointed: false);
        var actual = Gradients(isCheckpointed: true);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, pair => Assert.True(pair.Value.Equals(actual[pair.Key]), pair.Key));

        Dictionary<string, Tensor> Gradients(bool isCheckpointed)
        {
            using var model = TrainableModel.Create(
                ModelFiles.Open(folder.Path, adapter), new TrainableModelOptions { IsCheckpointed = isCheckpointed });
            Assert.Equal(isCheckpointed, model.Model.Layers is CheckpointedRunner);
            model.Dropout.Seed = 5;
            var loss = new PreferenceLoss(new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain));
            loss.Of(model.Outputs(Rows), tensor(new float[,] { { 0, 0.9f, 0.1f }, { 1, 0, 0 } })).Loss.mean().backward();
            return model.Parameters.Tensors.ToDictionary(
                pair => pair.Key, pair => pair.Value.grad!.detach().clone(), StringComparer.Ordinal);
        }
    }
}
