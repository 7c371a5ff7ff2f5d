using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Adapters;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>What learns has the names of files, begins where it should, and can be written back.</summary>
public sealed class ParameterTests
{
    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];
    private static readonly LabelReading Reading = new([0, 1, 2], isFixed: true, ReadingParameters.Plain);

    public ParameterTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(TinyCheckpoint.Gemma2)]
    [InlineData(TinyCheckpoint.Deberta)]
    public void A_whole_model_learns_and_can_be_written_back(string json)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        TinyCheckpoint.Write(folder, json);
        using var model = TrainableModel.Create(ModelFiles.Open(folder.Path, adapter: null));
        var names = TransformerModel.TensorsOf(model.Model.Config, HeadKind.Classifier).Select(tensor => tensor.Name);
        Assert.Equal(names, model.Parameters.Tensors.Keys);

        var before = model.Parameters.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);
        var losses = Train(model, steps: 5);
        Assert.True(losses[^1] < 0.7 * losses[0], $"{losses[0]} became {losses[^1]}");
        Assert.All(model.Parameters.Tensors, pair => Assert.False(pair.Value.allclose(before[pair.Key]), pair.Key));

        File.Delete(folder["model.safetensors"]);
        var learned = model.Parameters.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.detach(), StringComparer.Ordinal);
        SafetensorsWriter.Write(folder["model.safetensors"], learned);
        using var written = TransformerModel.Load(folder.Path);
        var pooled = written.Layers.Forward(new PackedTokens(Rows), written.Backbone.Pooling);
        Assert.True(model.Outputs(Rows).Equals(written.Head.Forward(pooled)));
    }

    [Fact]
    public void An_adapter_learns_and_its_base_does_not()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder);
        var file = File.ReadAllBytes(folder["adapter/adapter_model.safetensors"]);
        using var model = TrainableModel.Create(ModelFiles.Open(folder.Path, adapter));
        using var stored = Checkpoint.Open(folder["adapter/adapter_model.safetensors"]);
        Assert.Equal(stored.Entries.Select(entry => entry.Name), model.Parameters.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(stored.Entries.Sum(entry => entry.Count), model.Parameters.Count);

        var losses = Train(model, steps: 5);
        Assert.True(losses[^1] < losses[0]);
        Assert.Equal(file, File.ReadAllBytes(folder["adapter/adapter_model.safetensors"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_leaves_no_tensor_behind(bool isCheckpointed)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var model = TrainableModel.Create(
            ModelFiles.Open(folder.Path, TinyAdapter.Write(folder)), new TrainableModelOptions { IsCheckpointed = isCheckpointed });
        using var optimiser = Optimiser(model, 0.001);
        model.Dropout.Seed = 1;
        Step(model, optimiser);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Step(model, optimiser);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Until B is no longer zero, a new adapter changes nothing but the head, which is new.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_adapter_begins_as_its_base(bool isDora)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var files = ModelFiles.Open(folder.Path, adapter: null);
        using var plain = TransformerModel.Create(files.Config, HeadKind.None, files.Weights(DType.Float32, CPU));
        var config = $$"""
            {
              "peft_type": "LORA", "r": 2, "target_modules": ["q_proj", "down_proj"], "modules_to_save": ["score"],
              "use_dora": {{(isDora ? "true" : "false")}}
            }
            """;
        var parameters = new ParameterSet();
        var initial = new InitialisedWeights(9, name => Initialisation.OfNewTensor(name, 0.02), DType.Float32, CPU);
        var adapter = new NewAdapter(AdapterConfig.Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "adapter")));
        var trainable = new TrainableWeights(initial, parameters, new DropoutSwitch());
        var weights = new AdaptedWeights(files.Weights(DType.Float32, CPU), trainable, adapter);
        using var adapted = TransformerModel.Create(files.Config, HeadKind.Classifier, weights);

        string[] expected =
        [
            .. from layer in new[] { 0, 1 }
               from module in new[] { "self_attn.q_proj", "mlp.down_proj" }
               from part in (string[])["lora_A.weight", "lora_B.weight", .. isDora ? new[] { "lora_magnitude_vector.weight" } : []]
               select $"base_model.model.model.layers.{layer}.{module}.{part}",
            TinyAdapter.Head,
        ];
        Assert.Equal(expected, parameters.Tensors.Keys);
        var tokens = new PackedTokens(Rows);
        Assert.True(adapted.Layers.Forward(tokens).allclose(plain.Layers.Forward(tokens), rtol: 1e-5, atol: 1e-6));

        adapted.Head.Forward(adapted.Layers.Forward(tokens)).square().sum().backward();
        Assert.All(
            parameters.Tensors.Where(pair => !pair.Key.EndsWith("lora_A.weight", StringComparison.Ordinal)),
            pair => Assert.True(pair.Value.grad!.abs().sum().item<float>() > 0, pair.Key));
    }

    [Fact]
    public void New_tensors_follow_from_seed_and_name()
    {
        using var scope = NewDisposeScope();
        var first = New(seed: 3, "x.lora_A.weight");
        Assert.True(first.equal(New(seed: 3, "x.lora_A.weight")).all().item<bool>());
        Assert.False(first.equal(New(seed: 4, "x.lora_A.weight")).all().item<bool>());
        Assert.False(first.equal(New(seed: 3, "y.lora_A.weight")).all().item<bool>());

        // Uniform to 1 / sqrt(50) on both sides has the deviation 1 / sqrt(150).
        Assert.True(first.abs().max().item<float>() <= 1 / Math.Sqrt(50));
        Assert.Equal(1 / Math.Sqrt(150), first.std().item<float>(), 0.002);
        Assert.Equal(0, New(seed: 3, "x.lora_B.weight").abs().max().item<float>());
        Assert.Equal(0, New(seed: 3, "score.bias").abs().max().item<float>());

        var head = New(seed: 3, "score.weight");
        Assert.Equal(0, head.mean().item<float>(), 0.001);
        Assert.Equal(0.02, head.std().item<float>(), 0.001);

        static Tensor New(ulong seed, string name) =>
            new InitialisedWeights(seed, tensor => Initialisation.OfNewTensor(tensor, 0.02), DType.Float32, CPU).Tensor(name, 40, 50);
    }

    [Fact]
    public void An_adapter_of_an_embedding_is_not_trained()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(
            folder,
            config => config["target_modules"] = new JsonArray("q_proj", "v_proj", "embed_tokens"),
            tensors =>
            {
                using var generator = new Generator(8);
                tensors["base_model.model.model.embed_tokens.lora_embedding_A"] = TinyAdapter.Random(generator, TinyAdapter.Rank, 40);
                tensors["base_model.model.model.embed_tokens.lora_embedding_B"] = TinyAdapter.Random(generator, 16, TinyAdapter.Rank);
            });
        var exception = Assert.Throws<Core.InputException>(() => TrainableModel.Create(ModelFiles.Open(folder.Path, adapter)));
        Assert.Contains("embed_tokens", exception.Message, StringComparison.Ordinal);
    }

    private static AdamW Optimiser(TrainableModel model, double learningRate) =>
        new([new ParameterGroup([.. model.Parameters.Tensors.Values], learningRate, WeightDecay: 0.01)], new AdamWOptions());

    private static double[] Train(TrainableModel model, int steps)
    {
        using var optimiser = Optimiser(model, 0.02);
        return [.. Enumerable.Range(0, steps).Select(_ => Step(model, optimiser))];
    }

    private static double Step(TrainableModel model, AdamW optimiser)
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new float[,] { { 0, 0.9f, 0.1f }, { 1, 0, 0 } });
        var loss = new PreferenceLoss(Reading).Of(model.Outputs(Rows), targets).Loss.mean();
        loss.backward();
        optimiser.Accumulate();
        optimiser.Step();
        return loss.item<float>();
    }
}
