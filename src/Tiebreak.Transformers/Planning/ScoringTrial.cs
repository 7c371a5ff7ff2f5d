using System.Diagnostics;
using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Planning;

/// <summary>
/// Measures how fast a model computes on this machine, by models with one layer and with a few of the true sizes and with numbers by
/// chance: what a layer takes is their difference. No weight is read. So attention, norms and rounding count as they are, where the rate of
/// products alone would promise twice the speed of a small encoder.
/// </summary>
/// <param name="config">The text of the model's <c>config.json</c>.</param>
/// <param name="cost">What the model takes in arithmetic and memory.</param>
/// <param name="type">What to compute with.</param>
/// <param name="compute">What linear layers are computed with.</param>
/// <param name="device">Where to measure.</param>
internal sealed class ScoringTrial(byte[] config, ModelCost cost, DType type, LinearCompute compute, Device device)
{
    private const int FewestTimes = 2;
    private const int MostTimes = 8;
    private const int MoreLayers = 2;
    private const int MostBatches = 8;
    private const double Seconds = 6; // about, for all measurements

    /// <summary>Measures.</summary>
    /// <param name="batches">The lengths of the sequences that are computed together, for each batch.</param>
    /// <param name="productRate">Operations a second of products alone, by which the measurement is made as long as it should be.</param>
    /// <param name="memory">Memory that the process may use.</param>
    /// <returns>Operations a second; null where a few layers would take more than a quarter of the memory.</returns>
    public double? Measure(IReadOnlyList<int[]> batches, double productRate, long memory)
    {
        var many = Math.Min(cost.Layers, 1 + MoreLayers);
        if (cost.QuantizableParameters / cost.Layers * cost.ElementBytes * many > memory / 4)
            return null;
        var atATime = batches.Average(Operations) * (1 + many) / cost.Layers / productRate;
        var count = (int)Math.Clamp(Seconds / atATime / (1 + FewestTimes), 1, Math.Min(MostBatches, batches.Count));
        var times = (int)Math.Clamp(Seconds / atATime / count, FewestTimes, MostTimes);
        int[][] sample = [.. Enumerable.Range(0, count).Select(i => batches[(int)((i + 0.5) * batches.Count / count)])];
        var first = Time(1, sample, times);
        var seconds = first + (many > 1 ? Math.Max(0, Time(many, sample, times) - first) / (many - 1) * (cost.Layers - 1) : 0);
        return sample.Sum(Operations) / seconds;
    }

    private double Operations(int[] lengths) => lengths.Sum(length => cost.OperationsOf(length));

    private double Time(int layers, int[][] batches, int times)
    {
        using var mode = inference_mode();
        using var model = TransformerModel.Create(CutConfig.Of(config, layers), HeadKind.None, new TrialWeights(type, device), compute);
        return batches.Sum(lengths =>
        {
            var rows = TrialRows.Of(lengths);
            var least = double.MaxValue;
            for (var i = 0; i <= times; i++)
            {
                using var scope = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                _ = model.Layers.Forward(model.Pack(rows), model.Backbone.Pooling);
                if (device.type is TorchSharp.DeviceType.CUDA)
                    cuda.synchronize(device);
                if (i > 0) // the first wakes threads and maps memory
                    least = Math.Min(least, clock.Elapsed.TotalSeconds);
            }

            return least;
        });
    }
}
