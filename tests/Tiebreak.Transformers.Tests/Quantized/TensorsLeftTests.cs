using Tiebreak.Testing;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Tests.Adapters;
using TorchSharp;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>
/// No tensor stays behind: not of a batch, not of a model that was loaded and freed, not of a merge or of a quantisation.
/// </summary>
public sealed class TensorsLeftTests
{
    private static readonly TokenSequence[] Rows = [new("a", [1, 2, 3, 4, 5, 6, 7, 8]), new("b", [9])];

    [Theory]
    [InlineData(QuantizationFormat.Awq)]
    [InlineData(QuantizationFormat.Gptq)]
    [InlineData(QuantizationFormat.Nf4)]
    [InlineData(QuantizationFormat.Int8)]
    public void Of_quantising_merging_loading_and_computing(QuantizationFormat format)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder, TinyCheckpoint.Gemma2);
        var adapter = TinyAdapter.Write(folder, config => config["use_dora"] = true, tensors =>
        {
            foreach (var layer in Enumerable.Range(0, 2))
            {
                tensors[$"{TinyAdapter.Layer(layer, "self_attn.q_proj")}.lora_magnitude_vector"] = torch.ones(32);
                tensors[$"{TinyAdapter.Layer(layer, "self_attn.v_proj")}.lora_magnitude_vector"] = torch.ones(16);
            }
        });
        var options = new QuantizationOptions { Format = format, GroupSize = 8, DoubleQuantization = true, ActOrder = true };
        Work(); // what is kept once

        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Work();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Work()
        {
            ModelQuantizer.RunAsync(folder.Path, folder["packed"], options, Rows).GetAwaiter().GetResult();
            _ = AdapterMerge.RunAsync(folder["packed"], adapter, folder["merged"]).GetAwaiter().GetResult();
            foreach (var compute in new[] { LinearCompute.Float, LinearCompute.Int8 })
            {
                using var model = TransformerModel.Load(folder["packed"], adapter: adapter, compute: compute);
                _ = model.Compute(Rows);
                var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
                _ = model.Compute(Rows);
                Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }
        }
    }
}
