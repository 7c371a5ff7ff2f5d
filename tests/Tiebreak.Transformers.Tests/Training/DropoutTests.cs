using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

public sealed class DropoutTests
{
    private const string Bert = """
        {
          "model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 40, "hidden_size": 16,
          "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 32,
          "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    private const string Roberta = """
        {
          "model_type": "roberta", "architectures": ["RobertaForSequenceClassification"], "vocab_size": 40, "hidden_size": 16,
          "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 32,
          "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    private const string Phi3 = """
        {
          "model_type": "phi3", "architectures": ["Phi3ForSequenceClassification"], "vocab_size": 40, "hidden_size": 16,
          "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
          "sliding_window": null, "id2label": {"0": "A", "1": "B", "2": "tie"}
        }
        """;

    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9, 30, 2])];

    public DropoutTests() => TorchRuntime.Start();

    [Fact]
    public void Elements_are_dropped_with_the_probability_and_the_mean_stays()
    {
        using var scope = NewDisposeScope();
        var dropout = new DropoutSwitch { Seed = 7 }.Create(0.25);
        var input = ones(400, 500).requires_grad_();
        var output = dropout.Forward(input);
        Assert.Equal(0.25, output.eq(0).to(ScalarType.Float32).mean().item<float>(), 0.005);
        Assert.True((output.eq(0) | (output - (1 / 0.75)).abs().lt(1e-6)).all().item<bool>());

        output.sum().backward();
        Assert.True(input.grad!.equal(output).all().item<bool>());
    }

    [Fact]
    public void What_is_dropped_follows_from_batch_layer_and_part()
    {
        using var scope = NewDisposeScope();
        var dropoutSwitch = new DropoutSwitch();
        var (first, second) = (dropoutSwitch.Create(0.5), dropoutSwitch.Create(0.5));
        var input = ones(50, 50);
        Assert.Same(input, first.Forward(input));

        dropoutSwitch.Seed = 1;
        var dropped = first.Forward(input);
        Assert.True(Same(dropped, first.Forward(input)));
        Assert.False(Same(dropped, first.Forward(input, part: 1)));
        Assert.False(Same(dropped, second.Forward(input)));
        dropoutSwitch.Seed = 2;
        Assert.False(Same(dropped, first.Forward(input)));
        dropoutSwitch.Seed = null;
        Assert.Same(input, first.Forward(input));
        Assert.Same(input, new DropoutSwitch { Seed = 1 }.Create(0).Forward(input));
    }

    /// <summary>Each key alone changes what is computed while dropout is on, and nothing while it is off.</summary>
    [Theory]
    [InlineData("bert", "hidden_dropout_prob")]
    [InlineData("bert", "attention_probs_dropout_prob")]
    [InlineData("bert", "classifier_dropout")]
    [InlineData("roberta", "classifier_dropout")]
    [InlineData("deberta", "hidden_dropout_prob")]
    [InlineData("deberta", "attention_probs_dropout_prob")]
    [InlineData("deberta", "pooler_dropout")]
    [InlineData("deberta", "cls_dropout")]
    [InlineData("gemma2", "attention_dropout")]
    [InlineData("phi3", "attention_dropout")]
    [InlineData("phi3", "resid_pdrop")]
    public void Families_read_their_keys(string family, string key)
    {
        string[] keys =
        [
            "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "pooler_dropout", "cls_dropout",
            "attention_dropout", "resid_pdrop",
        ];
        var json = family switch
        {
            "bert" => Bert,
            "roberta" => Roberta,
            "phi3" => Phi3,
            "deberta" => TinyCheckpoint.Deberta,
            _ => TinyCheckpoint.Gemma2,
        };
        var none = With(json, keys, _ => 0);
        var one = With(json, keys, name => string.Equals(name, key, StringComparison.Ordinal) ? 0.3 : 0);
        using var scope = NewDisposeScope();
        var plain = Outputs(none, seed: null);
        Assert.True(Same(plain, Outputs(none, seed: 1)));
        Assert.True(Same(plain, Outputs(one, seed: null)));
        var dropped = Outputs(one, seed: 1);
        Assert.True(dropped.isfinite().all().item<bool>());
        Assert.False(Same(plain, dropped));
        Assert.True(Same(dropped, Outputs(one, seed: 1)));
    }

    [Fact]
    public void A_probability_of_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, Bert, writtenJson: With(Bert, ["hidden_dropout_prob"], _ => 1));
        Assert.Contains("hidden_dropout_prob", Assert.Throws<Core.InputException>(() => Load(folder)).Message, StringComparison.Ordinal);
    }

    private static Tensor Outputs(string json, ulong? seed)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, json);
        using var model = Load(folder);
        model.Dropout.Seed = seed;
        return model.Outputs(Rows).detach();
    }

    private static TrainableModel Load(TemporaryFolder folder) => TrainableModel.Create(ModelFiles.Open(folder.Path, adapter: null));

    private static string With(string json, string[] keys, Func<string, double> value)
    {
        const string first = "\"vocab_size\"";
        var fields = string.Concat(keys.Select(key => FormattableString.Invariant($"\"{key}\": {value(key)}, ")));
        return json.Replace(first, fields + first, StringComparison.Ordinal);
    }

    private static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();
}
