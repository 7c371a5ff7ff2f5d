using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests;

/// <summary>What cannot be computed is refused in a sentence that names the tensor, the field or the row.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("\"hidden_size\": 16, ", "", "no \"hidden_size\"")]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": \"16\"", "\"hidden_size\" is \"16\"")]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": -1", "\"hidden_size\" is -1")]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": 99999999999", "\"hidden_size\" is 99999999999")]
    [InlineData("\"query_pre_attn_scalar\": 8, ", "", "no \"query_pre_attn_scalar\"")]
    [InlineData("\"gemma2\"", "\"gemma7\"", "Tiebreak does not compute gemma7 models (\"model_type\"); it computes llama, mistral, ")]
    [InlineData("{", "{\"is_causal\": false, ", "Tiebreak does not compute models whose \"is_causal\" is false; it computes decoders whose")]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "divisor of num_attention_heads")]
    [InlineData("\"vocab_size\": 40", "\"vocab_size\": 41", "model.embed_tokens.weight [40, 16] where [41, 16]")]
    [InlineData(
        "\"vocab_size\"",
        "\"quantization_config\": {\"quant_method\": \"exl2\"}, \"vocab_size\"",
        "\"quant_method\" is \"exl2\"; it computes awq, gptq, bitsandbytes, compressed-tensors, fp8 and fbgemm_fp8")]
    [InlineData("\"vocab_size\"", "\"rope_scaling\": {\"type\": \"ntk\"}, \"vocab_size\"", "whose \"type\" is \"ntk\"; it computes default")]
    [InlineData("{", "[", "is not valid JSON")]
    public void A_configuration_that_does_not_fit(string part, string replacement, string message)
    {
        using var folder = new TemporaryFolder();
        var at = TinyCheckpoint.Gemma2.IndexOf(part, StringComparison.Ordinal);
        TinyCheckpoint.Write(
            folder, TinyCheckpoint.Gemma2, writtenJson: TinyCheckpoint.Gemma2.Remove(at, part.Length).Insert(at, replacement));
        Refused(folder, message);
    }

    [Fact]
    public void A_model_without_a_head_is_told_so_and_gives_hidden_states()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(
            folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"),
            TinyCheckpoint.Gemma2.Replace("Gemma2ForSequenceClassification", "Gemma2Model", StringComparison.Ordinal));
        Refused(folder, "names no head");
        using var files = ModelFiles.Open(folder.Path, adapter: null, needsHead: false);
        Assert.Equal(HeadKind.None, files.HeadKind);
    }

    [Fact]
    public void A_head_that_is_not_in_the_files_is_never_made_up()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors.Remove("score.weight"));
        Refused(folder, "1 missing: score.weight");
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed_at_once()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors =>
        {
            _ = tensors.Remove("model.layers.1.mlp.up_proj.weight");
            tensors["model.norm.weight"] = zeros(17);
            tensors["model.layers.0.self_attn.q_norm.weight"] = zeros(8);
            tensors["lm_head.weight"] = zeros(40, 16); // has no part in classification
        });
        var message = Refused(folder, "model.layers.1.mlp.up_proj.weight");
        Assert.Contains("model.norm.weight [17] where [16]", message, StringComparison.Ordinal);
        Assert.Contains("unused: model.layers.0.self_attn.q_norm.weight", message, StringComparison.Ordinal);
        Assert.DoesNotContain("lm_head", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_numbers()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors["model.layers.1.mlp.up_proj.weight"].fill_(double.NaN));
        Refused(folder, "model.layers.1.mlp.up_proj.weight has 384 values that are NaN or infinite");
    }

    [Fact]
    public void Rows_that_the_model_cannot_take_are_named()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        using var model = TransformerModel.Load(folder.Path);

        Assert.Contains("Row r2 holds the token id 40", Fails<InputException>(model, [1, 2], [3, 40]), StringComparison.Ordinal);
        Assert.Contains("Row r1 holds the token id -1", Fails<InputException>(model, [-1, 2]), StringComparison.Ordinal);
        Assert.Contains(
            "Row r1 has 65 tokens, but the model has 64 positions", Fails<InputException>(model, new int[65]), StringComparison.Ordinal);
        Assert.Contains("Row r2 holds no token", Fails<InputException>(model, [1], []), StringComparison.Ordinal);
        _ = Assert.Throws<InputException>(() => model.Compute([]));
    }

    [Fact]
    public void A_result_that_is_not_finite_stops_with_the_row()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2, tensors => tensors["model.embed_tokens.weight"].select(0, 7).fill_(3e38));
        using var model = TransformerModel.Load(folder.Path);
        Assert.Contains("not finite for row r2", Fails<TiebreakException>(model, [1, 2], [3, 7], [4]), StringComparison.Ordinal);
    }

    private static string Fails<T>(TransformerModel model, params int[][] rows)
        where T : Exception =>
        Assert.Throws<T>(() => model.Compute([.. rows.Select((row, i) => new TokenSequence($"r{i + 1}", row))])).Message;

    private static string Refused(TemporaryFolder folder, string message)
    {
        var exception = Assert.Throws<InputException>(() => TransformerModel.Load(folder.Path));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }
}
