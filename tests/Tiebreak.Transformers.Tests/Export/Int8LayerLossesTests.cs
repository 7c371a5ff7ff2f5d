using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Tests.Export;

/// <summary>Layers that lose much in int8 are found, and stay as they are in what is written and in what is computed of it.</summary>
public sealed class Int8LayerLossesTests
{
    private const int Outlier = 1; // the layer of which one channel takes all steps of int8 for itself

    private static readonly TokenSequence[] Rows = [.. Enumerable.Range(0, 12)
        .Select(i => new TokenSequence($"{i}", [.. Enumerable.Range(0, 20 + i).Select(j => ((i * 5) + (j * 3)) % 40)]))];

    [Fact]
    public async Task The_layer_with_outliers_loses_most_and_stays()
    {
        using var folder = new TemporaryFolder();
        WriteWithOutlier(folder);
        var losses = Int8LayerLosses.Measure(folder.Path, Rows);
        Assert.Equal([0, 1], losses.Select(layer => layer.Layer));
        Assert.All(losses, layer => Assert.Equal(7, layer.Linears.Count));
        Assert.True(losses[Outlier].Loss > 4 * losses[0].Loss, $"{losses[0].Loss} {losses[Outlier].Loss}");

        var whole = await QuantizeAsync(folder, keptLayers: 0, "whole");
        var kept = await QuantizeAsync(folder, keptLayers: 1, "kept");
        Assert.Null(whole.Kept);
        Assert.Equal((14, 7), (whole.Layers, kept.Layers));
        Assert.Equal(losses[Outlier].Loss, Assert.Single(kept.Kept!, layer => layer.Key == Outlier).Value);
        Assert.True(DriftInInt8(folder, "kept") < DriftInInt8(folder, "whole") / 2);
    }

    [Theory]
    [InlineData(QuantizationFormat.Nf4, 1, "only int8")]
    [InlineData(QuantizationFormat.Int8, 2, "the model has 2 layers")]
    [InlineData(QuantizationFormat.Int8, -1, "the model has 2 layers")]
    public async Task A_number_of_layers_that_cannot_stay_is_refused(QuantizationFormat format, int layers, string reason)
    {
        using var folder = new TemporaryFolder();
        ModelQuantizerTests.WriteWide(folder);
        var exception = await Assert.ThrowsAsync<InputException>(() => QuantizeAsync(folder, layers, "out", format));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static void WriteWithOutlier(TemporaryFolder folder) => ModelQuantizerTests.WriteWide(folder, "llama", keyHeads: 2, tensors =>
    {
        foreach (var name in new[] { "input_layernorm", "post_attention_layernorm" })
            tensors[$"model.layers.{Outlier}.{name}.weight"][5] = 100;
        foreach (var name in new[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.gate_proj", "mlp.up_proj" })
            tensors[$"model.layers.{Outlier}.{name}.weight"].select(1, 5).mul_(0.01);
    });

    private static Task<QuantizationReport> QuantizeAsync(
        TemporaryFolder folder, int keptLayers, string name, QuantizationFormat format = QuantizationFormat.Int8) => new QuantizeModel
        {
            Model = folder.Path,
            Out = folder[name],
            Options = new QuantizationOptions { Format = format, KeptLayers = keptLayers },
            Calibration = Rows,
        }.RunAsync(TestContext.Current.CancellationToken);

    private static double DriftInInt8(TemporaryFolder folder, string name)
    {
        using var exact = TransformerModel.Load(folder.Path);
        using var rounded = TransformerModel.Load(folder[name], compute: LinearCompute.Int8);
        return PreferenceDrift.Between(PreferenceDrift.Logits(exact, Rows), PreferenceDrift.Logits(rounded, Rows)).MeanChange;
    }
}
