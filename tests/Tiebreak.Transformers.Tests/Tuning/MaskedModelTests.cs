using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Reference;
using Tiebreak.Transformers.Tuning.Pretraining;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Tuning;

/// <summary>Single steps of encoders that guess masked tokens.</summary>
public sealed class MaskedModelTests : IDisposable
{
    private const string Layers = """
        "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64
        """;

    private readonly TemporaryFolder _folder = new();

    public MaskedModelTests() => TorchRuntime.Start();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bert", "cls.predictions.transform.dense.weight")]
    [InlineData("roberta", "lm_head.dense.weight")]
    [InlineData("distilbert", "vocab_transform.weight")]
    [InlineData("electra", "generator_predictions.dense.weight")] // an embedding that is smaller than the hidden states
    [InlineData("deberta-v2", "cls.predictions.transform.dense.weight")]
    [InlineData("modernbert", "head.dense.weight")]
    public void Gradients_are_those_of_differences(string family, string dense)
    {
        TinyCheckpoint.Write(_folder, ConfigOf(family));
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var model = Load();
        Assert.Contains(dense, model.Parameters.Tensors.Keys);
        Assert.True(model.BeginsHead || family is "modernbert"); // whose classifier stands on the same layer

        var rows = Rows();
        model.Loss(rows).backward();
        var tensors = model.Parameters.Tensors.Values.Where(parameter => parameter.grad is not null).ToList();
        var length = Math.Sqrt(tensors.Sum(parameter => parameter.grad!.square().sum().item<float>()));
        var step = 0.02 / length;
        Assert.Equal(length, (Moved(step) - Moved(-step)) / (2 * step), 0.03 * length);

        double Moved(double by)
        {
            using var mode = no_grad();
            tensors.ForEach(parameter => parameter.add_(parameter.grad!, alpha: by / length));
            var loss = model.Loss(rows).item<float>();
            tensors.ForEach(parameter => parameter.add_(parameter.grad!, alpha: -by / length));
            return loss;
        }
    }

    /// <summary>BERT's head by its formula, with the weights of the file.</summary>
    [Fact]
    public void A_stored_head_is_taken()
    {
        var random = new RandomWeights(seed: 5);
        TinyCheckpoint.Write(_folder, ConfigOf("bert"), tensors =>
        {
            tensors["cls.predictions.transform.dense.weight"] = random.Tensor("dense", 16, 16);
            tensors["cls.predictions.transform.dense.bias"] = random.Tensor("dense bias", 16);
            tensors["cls.predictions.transform.LayerNorm.weight"] = random.Tensor("norm", 16);
            tensors["cls.predictions.transform.LayerNorm.bias"] = random.Tensor("norm bias", 16);
            tensors["cls.predictions.bias"] = random.Tensor("bias", 40);
        });
        using var scope = NewDisposeScope();
        using var model = Load();
        Assert.False(model.BeginsHead);

        var rows = Rows();
        using var stored = Checkpoint.Open(_folder.Path);
        using var backbone = TransformerModel.Load(_folder.Path, head: HeadKind.None);
        using var mode = no_grad();
        var tokens = new PackedTokens([.. rows.Select(row => row.Shown)]);
        var places = rows.SelectMany((row, i) => row.Places.Select(place => (long)tokens.StartOf(i) + place)).ToArray();
        var hidden = backbone.Layers.Forward(tokens).index_select(0, tensor(places));
        var features = nn.functional.gelu(hidden.matmul(Stored("transform.dense.weight").t()) + Stored("transform.dense.bias"));
        var mean = features.mean([1], keepdim: true);
        var deviation = (features - mean).square().mean([1], keepdim: true).add(1e-12).sqrt();
        features = ((features - mean) / deviation * Stored("transform.LayerNorm.weight")) + Stored("transform.LayerNorm.bias");
        var logits = features.matmul(stored.Load("bert.embeddings.word_embeddings.weight").t()) + Stored("bias");
        long[] expected = [.. rows.SelectMany(row => row.Tokens).Select(token => (long)token)];
        var loss = -nn.functional.log_softmax(logits, 1).gather(1, tensor(expected).unsqueeze(1)).sum();
        Assert.Equal(loss.item<float>(), model.Loss(rows).item<float>(), 1e-3);

        Tensor Stored(string name) => stored.Load($"cls.predictions.{name}");
    }

    [Fact]
    public void A_step_does_not_depend_on_the_parts_of_its_batch_and_steps_lower_the_loss()
    {
        TinyCheckpoint.Write(_folder, ConfigOf("bert"));
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        using var whole = Load();
        using var parts = Load(batchTokens: 1);
        var rows = Rows();
        var (first, ofParts) = (whole.Learn(rows, rate: 1), parts.Learn(rows, rate: 1));
        Assert.Equal(first.Loss, ofParts.Loss, 1e-5);
        Assert.Equal(1, first.GradientNorm / ofParts.GradientNorm, 1e-3);
        var last = first.Loss;
        for (var i = 0; i < 20; i++)
            last = whole.Learn(rows, rate: 1).Loss;
        Assert.InRange(last, 0, first.Loss - 0.5);
    }

    [Fact]
    public void A_decoder_cannot_guess()
    {
        TinyCheckpoint.Write(_folder, TinyCheckpoint.Gemma2);
        var error = Assert.Throws<InputException>(() => Load());
        Assert.Contains("see only those before them", error.Message, StringComparison.Ordinal);
    }

    private static string ConfigOf(string family) => family switch
    {
        "bert" => Config("bert", """ "type_vocab_size": 2 """),
        "roberta" => Config("roberta", """ "pad_token_id": 1, "type_vocab_size": 1 """),
        "deberta-v2" => TinyCheckpoint.Deberta,
        _ => TinyFamilies.Configurations[family],
    };

    private static string Config(string type, string more) => $$"""
        {"model_type": "{{type}}", "architectures": ["SomeForSequenceClassification"], "id2label": {"0": "A", "1": "B", "2": "tie"}, {{Layers}}, {{more}}}
        """;

    private static MaskedSequence[] Rows() =>
    [
        .. Enumerable.Range(0, 4).Select(i => new MaskedSequence(
            new TokenSequence($"{i}", [.. Enumerable.Range(0, 6 + (4 * i)).Select(j => ((i * 7) + (j * j)) % 40)]),
            [1 + i, 4 + i],
            [i + 3, 2 * i])),
    ];

    private MaskedModel Load(int batchTokens = 4096)
    {
        var tuning = new JsonObject
        {
            ["method"] = "full",
            ["batch_tokens"] = batchTokens,
            ["dropout"] = 0,
            ["mlm"] = new JsonObject { ["epochs"] = 1, ["learning_rate"] = 0.01 },
        };
        var recipe = JudgeRecipe.Read(new Recipe("transformer", new JsonObject { ["model"] = _folder.Path, ["tuning"] = tuning }));
        return MaskedModel.Load(recipe, "cpu", seed: 1);
    }
}
