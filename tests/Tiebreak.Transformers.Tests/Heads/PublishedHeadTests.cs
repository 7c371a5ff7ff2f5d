using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Reference;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Heads;

/// <summary>Heads under the names and in the forms that training programs give them: the files decide.</summary>
public sealed class PublishedHeadTests : IDisposable
{
    private const string Score = "score.weight";

    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5]), new("b", [9, 30, 2])];

    // What Gemma 2's chat template writes between a prompt and its answer.
    private static readonly int[] PromptEnd = [107, 108, 106, 2516, 108];

    private static readonly (string Name, long[] Shape)[] GatedShapes =
    [
        ("regression_layer.weight", [3, 16]), ("reward_transform_matrix", [3, 3]), ("gating.logit_scale", [1]),
        ("gating.layers.0.weight", [5, 16]), ("gating.layers.0.bias", [5]), ("gating.layers.1.weight", [3, 5]),
        ("gating.layers.1.bias", [3]),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("value_head", "LLMForSequenceRegression")]
    [InlineData("v_head", "AtheneForSequenceClassification")]
    [InlineData("v_head.summary", "Gemma2ForCausalLM")]
    [InlineData("regression_head", "EurusRewardModel")]
    [InlineData("score_head", "LlamaForScore")]
    [InlineData("score", "NothingKnown")]
    public void A_head_has_any_name(string name, string architecture)
    {
        var expected = Plain();
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors => Move(tensors, $"{name}.weight"), Of(architecture));
        Near(expected, Logits());
    }

    [Fact]
    public void A_head_has_a_bias()
    {
        var expected = Plain();
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors => tensors["score.bias"] = tensor(new float[] { 1.5f, -2, 0.25f }));
        Near([.. expected.Select(row => new[] { row[0] + 1.5f, row[1] - 2, row[2] + 0.25f })], Logits());
    }

    /// <summary>W relu(h) - W relu(-h) = W h, so that two layers give what one gives.</summary>
    [Fact]
    public void A_head_has_two_layers_with_ReLU_between()
    {
        var expected = Plain();
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors =>
        {
            var last = tensors[Score];
            _ = tensors.Remove(Score);
            tensors["score.0.weight"] = cat([eye(16), -eye(16)]);
            tensors["score.0.bias"] = zeros(32);
            tensors["score.2.weight"] = cat([last, -last], 1);
            tensors["score.2.bias"] = zeros(3);
        });
        Near(expected, Logits());
        using var files = ModelFiles.Open(_folder.Path, adapter: null);
        Assert.Equal("classification, 3 outputs (score.2)", files.HeadDescription);
    }

    [Theory]
    [InlineData("score", "")]
    [InlineData("value_head", "\"id2label\": {\"0\": \"A\", \"1\": \"B\"},")]
    public void The_rows_of_the_head_say_how_many_outputs_there_are(string name, string labels)
    {
        TinyCheckpoint.Write(
            _folder,
            TinyCheckpoint.Gemma2,
            tensors =>
            {
                var first = tensors[Score].narrow(0, 0, 1).clone();
                Move(tensors, $"{name}.weight");
                tensors[$"{name}.weight"] = first;
            },
            TinyCheckpoint.Gemma2.Replace("\"id2label\": {\"0\": \"A\", \"1\": \"B\", \"2\": \"tie\"}", $"{labels} \"use_cache\": true"));
        Assert.All(Logits(), row => Assert.Single(row));
    }

    [Fact]
    public void A_number_of_labels_that_the_file_contradicts_is_refused()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors => tensors[Score] = tensors[Score].narrow(0, 0, 2).clone());
        Assert.Contains("score.weight [2, 16] where [3, 16] is needed", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_in_a_form_that_is_not_known_is_shown()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors => Move(tensors, "score.out_proj.weight"));
        var refusal = Refusal();
        Assert.Contains("1 missing: score.weight", refusal, StringComparison.Ordinal);
        Assert.Contains("1 unused: score.out_proj.weight", refusal, StringComparison.Ordinal);
    }

    /// <summary>ArmoRM's formula, computed from the hidden states in float64.</summary>
    [Theory]
    [InlineData(false, 4.0)]
    [InlineData(true, null)]
    public void Objectives_are_weighed_by_the_state_at_the_end_of_the_prompt(bool hasBias, double? temperature)
    {
        var random = new RandomWeights(seed: 11);
        WriteGated(temperature, tensors =>
        {
            foreach (var (name, shape) in GatedShapes)
            {
                if (hasBias || name is not "gating.layers.1.bias")
                    tensors[name] = random.Tensor(name, shape);
            }
        });

        // The pattern stands twice in the first row: the last one counts.
        TokenSequence[] rows =
        [
            new("a", [1, 2, .. PromptEnd, 4, 5, .. PromptEnd, 6, 7, 8]), new("b", [9, .. PromptEnd, 30]),
        ];
        using var model = TransformerModel.Load(_folder.Path);
        Assert.Equal(1, model.Head.Outputs);
        var actual = model.Compute(rows).Logits;

        using var scope = NewDisposeScope();
        double[] Values(string name) => random.Names.Contains(name) ? random.Vector(name) : [];
        double[][] states = [.. model.Layers.Forward(model.Pack(rows)).to(ScalarType.Float64).data<double>().ToArray().Chunk(16)];
        foreach (var (row, gateAt, lastAt) in new[] { (0, 9, 16), (1, 18, 23) })
        {
            double[] inner =
            [
                .. Linear(Values("gating.layers.0.weight"), Values("gating.layers.0.bias"), states[gateAt])
                    .Select(value => Math.Max(0, value)),
            ];
            double[] gates = [.. Linear(Values("gating.layers.1.weight"), Values("gating.layers.1.bias"), inner)
                .Select(value => Math.Exp(value / (temperature ?? 10)))];
            var rewards = Linear(Values("regression_layer.weight"), [], states[lastAt]);
            var transform = Values("reward_transform_matrix");
            var scale = Values("gating.logit_scale")[0];
            var score = Enumerable.Range(0, 3).Sum(k =>
                scale * gates[k] / gates.Sum() * Enumerable.Range(0, 3).Sum(i => rewards[i] * transform[(i * 3) + k]));
            Assert.Equal(score, actual[row][0], 1e-5);
        }

        var error = Assert.Throws<InputException>(() => model.Compute([new("c", [1, 2, 3])]));
        Assert.Contains("Row c holds no prompt before an answer", error.Message, StringComparison.Ordinal);
        using var files = ModelFiles.Open(_folder.Path, adapter: null);
        Assert.Equal("reward, 3 objectives that the prompt weighs (regression_layer)", files.HeadDescription);
        Assert.Empty(files.Notes);

        static double[] Linear(double[] weight, double[] bias, double[] input) =>
        [
            .. weight.Chunk(input.Length).Select((row, i) => row.Zip(input, (w, x) => w * x).Sum() + (bias.Length > 0 ? bias[i] : 0)),
        ];
    }

    /// <summary>
    /// Training asks the head for the states that scoring gives it, the end of the prompt among them. Each tensor is moved along its
    /// gradient, where the loss must change by the gradient's length.
    /// </summary>
    [Fact]
    public void A_gate_learns_with_its_objectives()
    {
        var random = new RandomWeights(seed: 4);
        WriteGated(temperature: null, tensors =>
        {
            foreach (var (name, shape) in GatedShapes)
                tensors[name] = random.Tensor(name, shape);
        });
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = TrainableModel.Create(ModelFiles.Open(_folder.Path, adapter: null));
        TokenSequence[] sides = [new("a", [1, 2, .. PromptEnd, 4, 5]), new("b", [1, 2, .. PromptEnd, 30, 31, 32])];
        Loss().backward();
        foreach (var (name, _) in GatedShapes)
        {
            var parameter = model.Parameters.Tensors[name];
            var gradient = parameter.grad!.clone();
            var length = gradient.norm().item<float>();
            Assert.True(length > 1e-4, $"{name} gets no gradient: {length}");
            var slope = (Moved(0.01 / length) - Moved(-0.01 / length)) / 0.02;
            Assert.True(Math.Abs(slope - length) < 0.04 * length, $"{name}: {slope} where the gradient says {length}");

            double Moved(double by)
            {
                using var mode = no_grad();
                using var kept = parameter.detach().clone();
                _ = parameter.add_(gradient, alpha: by);
                var moved = Loss().item<float>();
                _ = parameter.copy_(kept);
                return moved;
            }
        }

        Tensor Loss() => model.Outputs(sides).diff(dim: 0).mul(10).exp().log1p().sum();
    }

    [Fact]
    public void Objectives_that_are_distributions_are_refused_by_name()
    {
        WriteGated(temperature: null, tensors =>
        {
            foreach (var (name, shape) in GatedShapes)
                tensors[name] = zeros(shape);
            tensors["regression_layer.weight"] = zeros(57, 16);
        });
        Assert.Contains("whose objectives are distributions (QRM), which Tiebreak does not compute", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_head_that_the_recipe_asks_for_leaves_a_value_head_alone()
    {
        WriteTied(tensors => tensors["v_head.summary.weight"] = zeros(1, 16));
        using var model = TransformerModel.Load(_folder.Path, head: HeadKind.Generator);
        Assert.Equal(40, model.Head.Outputs);
    }

    [Fact]
    public void An_embedding_that_was_left_out_as_a_copy_of_the_head_is_the_head()
    {
        WriteTied(_ => { });
        using var whole = TransformerModel.Load(_folder.Path);
        var expected = whole.Compute(Rows).Logits;

        WriteTied(tensors =>
        {
            tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"];
            _ = tensors.Remove("model.embed_tokens.weight");
        });
        Near(expected, Logits());
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("module._orig_mod.")]
    public void Names_of_training_wrappers_are_no_part_of_names(string prefix)
    {
        var expected = Plain();
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors =>
        {
            foreach (var name in tensors.Keys.ToArray())
                Move(tensors, prefix + name, name);
        });
        Near(expected, Logits());
    }

    [Fact]
    public void Texts_that_end_with_the_padding_token_are_read_at_the_token_before()
    {
        var padded = TinyCheckpoint.Gemma2.Replace("\"vocab_size\"", "\"pad_token_id\": 7, \"vocab_size\"", StringComparison.Ordinal);
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, writtenJson: padded);
        using var model = TransformerModel.Load(_folder.Path);
        TokenSequence[] ended = [new("a", [1, 7, 3, 7, 7]), new("b", [9, 30, 2]), new("c", [7, 7])];
        TokenSequence[] cut = [new("a", [1, 7, 3]), new("b", [9, 30, 2]), new("c", [7])];
        Near(model.Compute(cut).Logits, model.Compute(ended).Logits);

        // Only the last layer's token differs: a runner that computes no others gives the same.
        using var scope = NewDisposeScope();
        var pooled = model.Layers.Forward(model.Pack(ended), TokenSelection.LastToken);
        Near(model.Compute(ended).Logits, [.. model.Head.Forward(pooled).data<float>().ToArray().Chunk(3)]);
    }

    private float[][] Plain()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2);
        return Logits();
    }

    private float[][] Logits()
    {
        using var model = TransformerModel.Load(_folder.Path);
        return [.. model.Compute(Rows).Logits];
    }

    private string Refusal() => Assert.Throws<InputException>(() => TransformerModel.Load(_folder.Path)).Message;

    private void WriteTied(Action<Dictionary<string, Tensor>> change) => TinyCheckpoint.Write(
        _folder,
        TinyCheckpoint.Gemma2,
        tensors =>
        {
            _ = tensors.Remove(Score);
            change(tensors);
        },
        Of("Gemma2ForCausalLM"));

    private void WriteGated(double? temperature, Action<Dictionary<string, Tensor>> change)
    {
        var config = JsonNode.Parse(Of("Gemma2ForRewardModelWithGating"))!.AsObject();
        (config["vocab_size"], config["gating_hidden_dim"], config["gating_n_hidden"]) = (2520, 5, 1);
        _ = config.Remove("id2label");
        if (temperature is { } given)
            config["gating_temperature"] = given;
        var whole = TinyCheckpoint.Gemma2.Replace("\"vocab_size\": 40", "\"vocab_size\": 2520", StringComparison.Ordinal);
        TinyCheckpoint.Write(
            _folder,
            whole,
            tensors =>
            {
                _ = tensors.Remove(Score);
                change(tensors);
            },
            config.ToJsonString());
    }

    private static string Of(string architecture)
    {
        var config = JsonNode.Parse(TinyCheckpoint.Gemma2)!.AsObject();
        config["architectures"] = new JsonArray(architecture);
        return config.ToJsonString();
    }

    private static void Move(Dictionary<string, Tensor> tensors, string to, string from = Score)
    {
        var moved = tensors[from];
        _ = tensors.Remove(from);
        tensors[to] = moved;
    }

    private static void Near(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(
            expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, 1e-5f)));
    }
}
