using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Adapters;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Export;

public sealed class ModelQuantizerTests
{
    private static readonly TokenSequence[] Rows = [.. Enumerable.Range(0, 12)
        .Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 30).Select(j => ((i * 7) + (j * j) + (i * j)) % 40)]))];

    public static TheoryData<QuantizationFormat, bool> Formats =>
        new()
        {
            { QuantizationFormat.Awq, false },
            { QuantizationFormat.Gptq, false },
            { QuantizationFormat.Gptq, true },
            { QuantizationFormat.Nf4, false },
            { QuantizationFormat.Nf4, true },
            { QuantizationFormat.Int8, false },
        };

    /// <summary>
    /// The packed folder loads again, is a fraction of the size, and gives nearly what the plain one gave; eight bits nearer than four.
    /// </summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_packed_folder_loads_again_and_gives_nearly_the_same(QuantizationFormat format, bool flag)
    {
        using var folder = new TemporaryFolder();
        WriteWide(folder);
        var packed = await ModelQuantizer.RunAsync(folder.Path, folder["packed"], Options(format, flag), Rows);
        Assert.Equal(14, packed.Count);

        using var before = TransformerModel.Load(folder.Path);
        using var after = TransformerModel.Load(folder["packed"]);
        var drift = PreferenceDrift.Between(PreferenceDrift.Logits(before, Rows), PreferenceDrift.Logits(after, Rows));
        Assert.InRange(drift.MeanChange, 1e-6, format is QuantizationFormat.Int8 ? 0.02 : 0.15);
        using var plain = Checkpoint.Open(folder.Path);
        using var small = Checkpoint.Open(folder["packed"]);
        // embeddings and norms stay float32
        Assert.InRange(Bytes(small) / (double)Bytes(plain), 0, format is QuantizationFormat.Int8 ? 0.45 : 0.4);
        Assert.Equal(
            plain.Entries.Count(entry => entry.Name.EndsWith("norm.weight", StringComparison.Ordinal)),
            small.Entries.Count(entry => entry.Name.EndsWith("norm.weight", StringComparison.Ordinal)));
    }

    /// <summary>
    /// What a norm is divided by, the columns after it are multiplied with, so that only rounding remains. Gemma's norms add one; values
    /// are scaled where heads do not share them.
    /// </summary>
    [Theory]
    [InlineData("gemma2", 2)]
    [InlineData("llama", 2)]
    [InlineData("llama", 4)]
    public async Task Awq_scales_cancel_out(string family, int keyHeads)
    {
        using var folder = new TemporaryFolder();
        WriteWide(folder, family, keyHeads);
        _ = await ModelQuantizer.RunAsync(folder.Path, folder["packed"], Options(QuantizationFormat.Awq, false), Rows);
        using var scope = NewDisposeScope();
        using var plain = ModelFiles.Open(folder.Path, adapter: null);
        using var packed = ModelFiles.Open(folder["packed"], adapter: null);
        var (before, after) = (plain.Weights(DType.Float32, CPU), packed.Weights(DType.Float32, CPU));
        const string norm = "model.layers.0.input_layernorm.weight", query = "model.layers.0.self_attn.q_proj";
        var one = family is "gemma2" ? 1 : 0;
        using var old = before.Tensor(norm, 64);
        using var @new = after.Tensor(norm, 64);
        Assert.False(allclose(old, @new, 1e-2, 1e-2));

        using var weight = before.Linear(query, 64, 64, hasBias: false);
        using var rounded = after.Linear(query, 64, 64, hasBias: false);
        var effective = rounded.Weight(ScalarType.Float32) * (@new + one) / (old + one);
        var change =
            (effective - weight.Weight(ScalarType.Float32)).norm().item<float>() / weight.Weight(ScalarType.Float32).norm().item<float>();
        Assert.InRange(change, 0.01, 0.15);

        using var model = TransformerModel.Load(folder["packed"]);
        using var reference = TransformerModel.Load(folder.Path);
        var drift = PreferenceDrift.Between(PreferenceDrift.Logits(reference, Rows), PreferenceDrift.Logits(model, Rows));
        Assert.InRange(drift.MeanChange, 0, 0.15);
    }

    [Fact]
    public async Task Gptq_moves_outputs_less_than_nf4_moves_them_without_calibration()
    {
        using var folder = new TemporaryFolder();
        WriteWide(folder);
        var change = new Dictionary<QuantizationFormat, double>();
        foreach (var format in new[] { QuantizationFormat.Gptq, QuantizationFormat.Nf4 })
        {
            _ = await ModelQuantizer.RunAsync(folder.Path, folder[$"{format}"], Options(format, flag: true), Rows);
            using var before = TransformerModel.Load(folder.Path);
            using var after = TransformerModel.Load(folder[$"{format}"]);
            change[format] = before.Compute(Rows).Logits
                .Zip(after.Compute(Rows).Logits, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average()).Average();
        }

        Assert.True(change[QuantizationFormat.Gptq] < change[QuantizationFormat.Nf4], string.Join(", ", change));
    }

    /// <summary>Tune in four bits, merge, quantise, score: each step takes what the one before wrote.</summary>
    [Fact]
    public async Task An_adapter_over_a_packed_base_is_merged_and_packed_again()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        _ = await ModelQuantizer.RunAsync(folder.Path, folder["nf4"], new QuantizationOptions { Format = QuantizationFormat.Nf4 }, []);
        var adapter = TinyAdapter.Write(folder);
        _ = await AdapterMerge.RunAsync(folder["nf4"], adapter, folder["merged"]);
        _ = await ModelQuantizer.RunAsync(
            folder["merged"], folder["again"], new QuantizationOptions { Format = QuantizationFormat.Int8 }, []);

        using var tuned = TransformerModel.Load(folder["nf4"], adapter: adapter);
        using var merged = TransformerModel.Load(folder["merged"]);
        using var again = TransformerModel.Load(folder["again"]);
        var logits = PreferenceDrift.Logits(tuned, Rows);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(merged, Rows)).LargestChange, 0, 1e-4);
        Assert.InRange(PreferenceDrift.Between(logits, PreferenceDrift.Logits(again, Rows)).MeanChange, 1e-7, 0.05);
    }

    [Theory]
    [InlineData(QuantizationFormat.Awq, 32, "`group-size` so that it divides the inputs")]
    [InlineData(QuantizationFormat.Gptq, 12, "`group-size` is 12; it must be a multiple of 8")]
    public async Task Groups_that_do_not_divide_are_refused(QuantizationFormat format, int groupSize, string message)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var exception = await Assert.ThrowsAsync<InputException>(() =>
            ModelQuantizer.RunAsync(folder.Path, folder["out"], new QuantizationOptions { Format = format, GroupSize = groupSize }, Rows));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Formats_that_calibrate_want_rows_and_awq_wants_a_decoder()
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Deberta);
        var none = await Assert.ThrowsAsync<InputException>(() =>
            ModelQuantizer.RunAsync(folder.Path, folder["out"], Options(QuantizationFormat.Gptq, false), []));
        Assert.Contains("GPTQ needs rows to calibrate on", none.Message, StringComparison.Ordinal);
        var encoder = await Assert.ThrowsAsync<InputException>(() =>
            ModelQuantizer.RunAsync(folder.Path, folder["out"], Options(QuantizationFormat.Awq, false) with { GroupSize = 8 }, Rows));
        Assert.Contains("pack a deberta-v2 model with gptq, nf4 or int8", encoder.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TinyCheckpoint.Gemma2)]
    [InlineData(TinyCheckpoint.Deberta)]
    public void Int8_activations_stay_near_floating_point(string config)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, config);
        using var exact = TransformerModel.Load(folder.Path);
        using var int8 = TransformerModel.Load(folder.Path, compute: LinearCompute.Int8);
        var drift = PreferenceDrift.Between(PreferenceDrift.Logits(exact, Rows), PreferenceDrift.Logits(int8, Rows));
        Assert.InRange(drift.MeanChange, 1e-6, 0.05);
    }

    /// <summary>A model wide enough for groups of 32, and with the usual sizes of trained weights.</summary>
    internal static void WriteWide(
        TemporaryFolder folder, string family = "gemma2", int keyHeads = 2, Action<Dictionary<string, Tensor>>? change = null)
    {
        var json = JsonNode.Parse(TinyCheckpoint.Gemma2)!.AsObject();
        (json["hidden_size"], json["intermediate_size"], json["head_dim"], json["query_pre_attn_scalar"]) = (64, 96, 16, 16);
        json["num_key_value_heads"] = keyHeads;
        (json["model_type"], json["architectures"]) =
            (family, new JsonArray(family is "gemma2" ? "Gemma2ForSequenceClassification" : "LlamaForSequenceClassification"));
        TinyCheckpoint.Write(folder, json.ToJsonString(), tensors =>
        {
            foreach (var (name, tensor) in tensors.Where(pair => pair.Key.Contains("_proj", StringComparison.Ordinal)))
                tensor.mul_(0.3);
            change?.Invoke(tensors);
        });
    }

    private static QuantizationOptions Options(QuantizationFormat format, bool flag) =>
        new() { Format = format, GroupSize = 32, ActOrder = flag, DoubleQuantization = flag };

    private static long Bytes(Checkpoint checkpoint) => checkpoint.Entries.Sum(entry => entry.ByteCount);
}
