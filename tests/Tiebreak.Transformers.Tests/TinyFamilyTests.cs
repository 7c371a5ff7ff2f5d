using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Planning;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Reference;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests;

/// <summary>Every way in which a model can be computed, held and trained works for every family.</summary>
public sealed class TinyFamilyTests : IDisposable
{
    private static readonly TokenSequence[] Rows =
        [.. Enumerable.Range(0, 6).Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 4 + (3 * i)).Select(j => ((i * 7) + (j * j)) % 40)]))];

    private readonly TemporaryFolder _folder = new();

    public TinyFamilyTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public void Streamed_layers_give_the_same_bytes_and_wanted_tokens_the_same_states(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        using var resident = TransformerModel.Load(_folder.Path);
        using var streamed = TransformerModel.Load(_folder.Path, isStreamed: true);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var tokens = new PackedTokens(Rows);
        var all = resident.Layers.Forward(tokens);
        foreach (var wanted in Enum.GetValues<TokenSelection>())
        {
            var expected = resident.Layers.Forward(tokens, wanted);
            Assert.True(expected.Equals(streamed.Layers.Forward(tokens, wanted)), $"{wanted}");
            Near.Equal(tokens.Select(all, wanted), expected);
        }
    }

    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public void Gradients_are_those_of_differences_and_of_layers_computed_again(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        using var scope = NewDisposeScope();
        using var model = Trainable(isCheckpointed: false);
        using var checkpointed = Trainable(isCheckpointed: true);
        Loss(model).backward();
        Loss(checkpointed).backward();
        foreach (var (name, parameter) in model.Parameters.Tensors)
        {
            // What no token passes has no gradient: experts that were not picked.
            if (parameter.grad is not { } gradient)
            {
                Assert.Null(checkpointed.Parameters.Tensors[name].grad);
                continue;
            }

            Assert.True(gradient.Equals(checkpointed.Parameters.Tensors[name].grad!), name);
        }

        // Along the gradient the loss changes by the gradient's length.
        var length = Math.Sqrt(model.Parameters.Tensors.Values.Sum(parameter => parameter.grad?.square().sum().item<float>() ?? 0));
        var step = 0.02 / length;
        var difference = (Moved(step) - Moved(-step)) / (2 * step);
        Assert.Equal(length, difference, 0.03 * length);

        double Moved(double by)
        {
            using var mode = no_grad();
            Move(by);
            var loss = Loss(model).item<float>();
            Move(-by);
            return loss;
        }

        void Move(double by)
        {
            foreach (var parameter in model.Parameters.Tensors.Values)
            {
                if (parameter.grad is { } gradient)
                    _ = parameter.add_(gradient, alpha: by / length);
            }
        }
    }

    /// <summary>An adapter for all linear layers, named as PEFT names them, is what the checkpoint is that it was merged into.</summary>
    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public async Task An_adapter_for_all_linear_layers_can_be_merged(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        WriteAdapter();
        _ = await AdapterMerge.RunAsync(_folder.Path, _folder["adapter"], _folder["merged"]);
        using var plain = TransformerModel.Load(_folder.Path);
        using var adapted = TransformerModel.Load(_folder.Path, adapter: _folder["adapter"]);
        using var merged = TransformerModel.Load(_folder["merged"]);
        var logits = PreferenceDrift.Logits(adapted, Rows);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(merged, Rows)).LargestChange, 0, 1e-4);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(plain, Rows)).LargestChange, 1e-3, 1);
    }

    [Fact]
    public void An_adapter_of_a_text_part_may_have_either_spelling()
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations["gemma3"]);
        WriteAdapter();
        var expected = Logits();
        WriteAdapter(module => module.Replace("language_model.model.", "model.language_model.", StringComparison.Ordinal));
        Assert.Equal(expected, Logits());

        IReadOnlyList<float[]> Logits()
        {
            using var model = TransformerModel.Load(_folder.Path, adapter: _folder["adapter"]);
            return model.Compute(Rows).Logits;
        }
    }

    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public async Task Weights_of_eight_bits_give_nearly_the_same(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        _ = await ModelQuantizer.RunAsync(_folder.Path, _folder["packed"], new QuantizationOptions { Format = QuantizationFormat.Int8 }, []);
        using var exact = TransformerModel.Load(_folder.Path);
        using var packed = TransformerModel.Load(_folder["packed"]);
        using var int8 = TransformerModel.Load(_folder.Path, compute: LinearCompute.Int8);
        var logits = PreferenceDrift.Logits(exact, Rows);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(packed, Rows)).MeanChange, 1e-7, 0.05);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(int8, Rows)).MeanChange, 1e-7, 0.05);
    }

    /// <summary>AWQ multiplies columns and divides what stands before them; what remains is rounding.</summary>
    [Theory]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("olmo2")] // no norm before
    [InlineData("glm4")]
    [InlineData("cohere2")] // one norm before both parts
    [InlineData("gpt_neox")] // a norm with a bias
    [InlineData("modernbert")] // no norm before the first attention
    public async Task Awq_scales_cancel_out(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        var options = new QuantizationOptions { Format = QuantizationFormat.Awq, GroupSize = 8 };
        _ = await ModelQuantizer.RunAsync(_folder.Path, _folder["packed"], options, Rows);
        using var exact = TransformerModel.Load(_folder.Path);
        using var packed = TransformerModel.Load(_folder["packed"]);
        Assert.InRange(
            PreferenceDrift.Between(PreferenceDrift.Logits(exact, Rows), PreferenceDrift.Logits(packed, Rows)).MeanChange, 1e-5, 0.15);
    }

    [Theory]
    [MemberData(nameof(TinyFamilies.Names), MemberType = typeof(TinyFamilies))]
    public void A_plan_counts_what_the_files_hold(string family)
    {
        TinyCheckpoint.Write(_folder, TinyFamilies.Configurations[family]);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var cost = ModelCost.Of(_folder.Path, DType.Float32);
        Assert.Equal(family, cost.ModelType);
        Assert.Equal(checkpoint.Entries.Sum(entry => entry.Count), cost.Parameters);
        Assert.Equal(2, cost.Layers);
        Assert.True(cost.ActiveParameters > 0 && cost.ActiveParameters <= cost.QuantizableParameters);
        Assert.True(cost.OperationsOf(20) > 0);
    }

    /// <summary>Of a model that reads pictures too, and generates: the part for text, beside weights of other parts.</summary>
    [Theory]
    [InlineData("language_model.model.", "language_model.lm_head", "vision_tower.")]
    [InlineData("model.language_model.", "lm_head", "model.vision_tower.")]
    [InlineData("model.", "lm_head", "multi_modal_projector.")]
    public void The_text_part_is_found_under_every_spelling(string prefix, string head, string otherPart)
    {
        var json = TinyFamilies.Configurations["mistral3"];
        var written = json.Replace("SomeForSequenceClassification", "Mistral3ForConditionalGeneration", StringComparison.Ordinal);
        TinyCheckpoint.Write(_folder, json, writtenJson: written, damage: tensors =>
        {
            foreach (var name in tensors.Keys.Where(name => name.StartsWith("language_model.model.", StringComparison.Ordinal)).ToList())
            {
                _ = tensors.Remove(name, out var tensor);
                tensors[prefix + name["language_model.model.".Length..]] = tensor!;
            }

            tensors[$"{head}.weight"] = arange(40 * 16).view(40, 16).sin();
            tensors[$"{otherPart}weight"] = ones(3);
        });
        using var model = TransformerModel.Load(_folder.Path);
        Assert.Equal(HeadKind.Generator, model.HeadKind);

        var text = JsonNode.Parse(json)!["text_config"]!.AsObject();
        (text["model_type"], text["architectures"]) = ("mistral", new JsonArray("MistralForCausalLM"));
        using var plain = new TemporaryFolder();
        TinyCheckpoint.Write(plain, text.ToJsonString(), damage: tensors =>
        {
            _ = tensors.Remove("score.weight");
            tensors["lm_head.weight"] = arange(40 * 16).view(40, 16).sin();
        });
        using var expected = TransformerModel.Load(plain.Path);
        Assert.Equal(expected.Compute(Rows).Logits, model.Compute(Rows).Logits);
    }

    private static Tensor Loss(TrainableModel model)
    {
        var loss = new PreferenceLoss(new LabelReading([0, 1, 2], isFixed: true, ReadingParameters.Plain));
        var targets = tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        return loss.Of(model.Outputs(Rows), targets).Loss.mean();
    }

    private TrainableModel Trainable(bool isCheckpointed)
    {
        var model = TrainableModel.Create(
            ModelFiles.Open(_folder.Path, adapter: null), new TrainableModelOptions { IsCheckpointed = isCheckpointed });
        Assert.Equal(isCheckpointed, model.Model.Layers is CheckpointedRunner);
        return model;
    }

    private void WriteAdapter(Func<string, string>? rename = null)
    {
        const int rank = 2;
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var random = new RandomWeights(seed: 8);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var names = new JsonArray();
        foreach (var entry in checkpoint.Entries.Where(entry => IsLinear(entry.Name) && entry.Shape.Count == 2))
        {
            var module = entry.Name[..^".weight".Length];
            var stored = rename?.Invoke(module) ?? module;
            names.Add((JsonNode)string.Join('.', module.Split('.')[^2..])); // "dense" alone would name a layer of some heads
            tensors[$"base_model.model.{stored}.lora_A.weight"] = random.Tensor($"{module} down", rank, entry.Shape[1]);
            tensors[$"base_model.model.{stored}.lora_B.weight"] = random.Tensor($"{module} up", entry.Shape[0], rank);
        }

        _ = Directory.CreateDirectory(_folder["adapter"]);
        SafetensorsWriter.Write(_folder["adapter/adapter_model.safetensors"], tensors);
        _ = _folder.Write("adapter/adapter_config.json", new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = "SEQ_CLS",
            ["r"] = rank,
            ["lora_alpha"] = 1,
            ["target_modules"] = names,
        }.ToJsonString());
        foreach (var tensor in tensors.Values)
            tensor.Dispose();

        static bool IsLinear(string name) => name.Contains(".layer", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);
    }
}
