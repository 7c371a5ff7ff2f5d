using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Heads;

/// <summary>Heads under the names and in the forms that training programs give them: the files decide.</summary>
public sealed class PublishedHeadTests : IDisposable
{
    private const string Score = "score.weight";

    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5]), new("b", [9, 30, 2])];

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

    [Fact]
    public void Gating_is_refused_by_its_name()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2, tensors =>
        {
            Move(tensors, "regression_layer.weight");
            tensors["gating.layers.0.weight"] = zeros(3, 16);
            tensors["reward_transform_matrix"] = eye(3);
        });
        Assert.Contains("gating network weighs by the prompt (ArmoRM, QRM), which Tiebreak does not compute", Refusal(), StringComparison.Ordinal);
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
