using System.Text;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Tests.Judges;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>Rows of some tokens learn by the gradient that they have in an embedding that learns as a whole.</summary>
public sealed class TokenGradientTests : IDisposable
{
    private const int Known = 40;

    private readonly TemporaryFolder _folder = new();

    public TokenGradientTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gemma", false)]
    [InlineData("gemma", true)]
    [InlineData("generator", false)] // the head is tied to the embedding, and answers with such a token
    [InlineData("bert", false)]
    [InlineData("deberta", true)]
    public void The_gradient_is_that_of_the_whole_embedding(string family, bool isCheckpointed)
    {
        using var scope = NewDisposeScope();
        var path = family switch
        {
            "bert" => TinyModel.BareBert(_folder),
            "deberta" => TinyModel.Deberta(_folder),
            "generator" => TinyModel.Gemma(_folder, kind: HeadKind.Generator),
            _ => TinyModel.Gemma(_folder),
        };
        var kind = family is "generator" ? HeadKind.Generator : HeadKind.Classifier;
        using var bare = ModelFiles.OpenForTraining(path, adapter: null, kind, outputs: 3);
        var (table, size) = (bare.WordTables[0], bare.Config.Count("vocab_size"));
        int[] tokens = [Known, size, size - 1]; // the second one is new
        var whole = GradientsOf(path, kind, new() { Tokens = tokens, IsCheckpointed = isCheckpointed });
        var apart = GradientsOf(path, kind, new() { Tokens = tokens, IsCheckpointed = isCheckpointed, Learns = _ => false });
        var (name, gradient) = Assert.Single(apart.Gradients);
        Assert.Equal(TrainableWeights.RowsOfTokens(table), name);
        Near(whole, gradient);

        if (family is "bert")
            return; // its head is drawn, by a name that it has only there

        var newAdapter = AdapterOf(table, tokens, bare.HeadModules);
        var adapter = GradientsOf(path, kind, new() { Tokens = tokens, IsCheckpointed = isCheckpointed, NewAdapter = newAdapter });
        Near(whole, adapter.Gradients.Single(pair => pair.Key.EndsWith(Adapter.TokenRowsName, StringComparison.Ordinal)).Value);

        void Near((float[] Outputs, Dictionary<string, Tensor> Gradients) expected, Tensor actual)
        {
            Assert.All(expected.Outputs.Zip(apart.Outputs), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            var rows = expected.Gradients[table].index_select(0, tensor(tokens.Select(token => (long)token).ToArray()));
            Assert.True(rows.abs().max().item<float>() > 1e-3);
            Assert.True(rows.allclose(actual, rtol: 1e-4, atol: 1e-6), $"{rows.ToString(true)} {actual.ToString(true)}");
        }
    }

    /// <summary>A new token begins as the mean of all.</summary>
    [Fact]
    public void A_new_token_begins_as_the_mean()
    {
        using var scope = NewDisposeScope();
        var path = TinyModel.Gemma(_folder);
        using var files = ModelFiles.OpenForTraining(path, adapter: null, HeadKind.Classifier, outputs: 3);
        var (table, size) = (files.WordTables[0], files.Config.Count("vocab_size"));
        var words = files.Weights(DType.Float32, CPU).Tensor(table, size, 16).clone();
        using var model = TrainableModel.Create(
            ModelFiles.OpenForTraining(path, adapter: null, HeadKind.Classifier, outputs: 3),
            new() { Tokens = [3, size + 1, size], Learns = _ => false });
        var rows = Assert.Single(model.Parameters.Tensors).Value;
        Assert.Equal(size + 2, model.Model.Backbone.VocabularySize);
        Assert.True(rows[0].allclose(words[3]));
        Assert.True(rows[1].allclose(words.mean([0]), atol: 1e-6));
        Assert.True(rows[2].allclose(words.mean([0]), atol: 1e-6));
    }

    private static (float[] Outputs, Dictionary<string, Tensor> Gradients) GradientsOf(
        string path, HeadKind kind, TrainableModelOptions options)
    {
        using var gradients = set_grad_enabled(true);
        var files = ModelFiles.OpenForTraining(path, adapter: null, kind, outputs: 3);
        var (a, b, last) = (options.Tokens[0], options.Tokens[1], options.Tokens[2]);
        using var model = TrainableModel.Create(files, options with
        {
            Head = kind is HeadKind.Generator ? model => new AnswerHead((GeneratorHead)model.Head, [[a], [5, 6], [b]]) : null,
        });
        var outputs = model.Outputs([new("a", [2, 7, a, 9, b, a]), new("b", [1, last, 3])]);
        var weights = tensor(new[] { 0.7f, -1.1f, 0.4f });
        outputs.mul(weights).sum().backward();
        return (
            outputs.detach().flatten().data<float>().ToArray(),
            model.Parameters.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone(), StringComparer.Ordinal));
    }

    private static AdapterConfig AdapterOf(string table, int[] tokens, IReadOnlyList<string> head) => AdapterConfig.Of(ModelConfig.Parse(
        Encoding.UTF8.GetBytes(
            $$"""
            {
              "peft_type": "LORA", "r": 2, "target_modules": "all-linear",
              "modules_to_save": [{{string.Join(", ", head.Select(name => $"\"{name}\""))}}],
              "trainable_token_indices": {"{{table.Split('.')[^2]}}": [{{string.Join(", ", tokens)}}]}
            }
            """),
        "test"));
}
