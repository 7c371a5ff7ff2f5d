using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// Writes a checkpoint with quantised linear layers. Embeddings, norms, heads and routers stay as they are. Weights are read and quantised
/// one layer at a time; what is quantised stays in memory until all is written.
/// </summary>
internal static class ModelQuantizer
{
    /// <summary>Quantises.</summary>
    /// <param name="folder">The model: plain or quantised.</param>
    /// <param name="target">The folder to write.</param>
    /// <param name="options">The format.</param>
    /// <param name="calibration">AWQ and GPTQ: rows to calibrate on, all computed together; a few thousand tokens or more.</param>
    /// <param name="kept">Names of linear layers that stay as they are, beside those that always do; null: none.</param>
    /// <returns>Names of the layers that were quantised.</returns>
    /// <exception cref="InputException">The model cannot be quantised so; the message names the layer.</exception>
    /// <exception cref="TiebreakException">The disk is full.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string folder,
        string target,
        QuantizationOptions options,
        IReadOnlyList<TokenSequence> calibration,
        IReadOnlySet<string>? kept = null)
    {
        TorchRuntime.Start();
        CheckpointFolder.Check(target, folder);
        if (options.IsCalibrated && calibration.Count == 0)
        {
            throw new InputException(
                $"{options.Format.ToString().ToUpperInvariant()} needs rows to calibrate on; name battles with `data`.")
            {
                Parameters = ["data"],
            };
        }

        // Calibration runs the model to its end; without one an encoder that has no head will do.
        var head = options.IsCalibrated ? (HeadKind?)null : ModelFiles.HeadKindOrNull(ModelConfig.Read(folder)) ?? HeadKind.None;
        using var files = ModelFiles.Open(folder, adapter: null, head);
        var config = CheckpointFolder.ReadConfig(folder);
        var stored = AdapterMerge.StoredType(config);
        var plan = new ModelPlan(files);
        Check(plan, options);

        using var awq = options.Format is QuantizationFormat.Awq ? new AwqCalibration(files, plan, calibration, options.GroupSize) : null;
        var quantized = options.Format is QuantizationFormat.Gptq
            ? GptqCalibration.Run(files, plan, calibration, new GptqOptions { GroupSize = options.GroupSize, ActOrder = options.ActOrder })
            : plan.Quantizable.Where(linear => kept?.Contains(linear.Name) is not true).ToDictionary(
                linear => linear.Name, linear => awq?.Quantize(linear) ?? Quantize(plan, linear, options), StringComparer.Ordinal);
        try
        {
            var type = stored.TorchName();
            var plain = plan.Linears.Select(linear => linear.Name).Except(quantized.Keys, StringComparer.Ordinal);
            config["quantization_config"] = QuantizationConfigJson.Of(options, plain, type);
            await CheckpointFolder.WriteAsync(target, folder, config, [.. Tensors(plan, quantized, awq, stored, type)])
                .ConfigureAwait(false);
            return [.. quantized.Keys];
        }
        finally
        {
            foreach (var weight in quantized.Values)
                weight.Dispose();
        }
    }

    private static IEnumerable<PendingTensor> Tensors(
        ModelPlan plan, Dictionary<string, QuantizedWeight> quantized, AwqCalibration? awq, DType stored, string type)
    {
        foreach (var linear in plan.Linears)
        {
            if (!quantized.TryGetValue(linear.Name, out var weight))
            {
                foreach (var tensor in plan.Plain(linear, stored))
                    yield return tensor;
                continue;
            }

            foreach (var tensor in QuantizedTensors.Of(linear.Name, weight, type))
                yield return tensor;
            if (linear.HasBias)
                yield return plan.Bias(linear, stored, bias => awq?.Divided(linear.Name, bias) ?? bias.alias());
        }

        foreach (var tensor in plan.Others)
        {
            var owner = tensor.Name[..Math.Max(0, tensor.Name.LastIndexOf('.'))]; // of a weight or a bias
            yield return awq is null ? plan.Plain(tensor, stored) : plan.Changed(tensor, stored, values => awq.Divided(owner, values));
        }
    }

    private static QuantizedWeight Quantize(ModelPlan plan, LinearShape linear, QuantizationOptions options)
    {
        using var scope = NewDisposeScope();
        using var opened = plan.Open(linear);
        var weight = opened.Weight(ScalarType.Float32);
        return options.Format is QuantizationFormat.Int8
            ? Int8Weight.Quantize(weight)
            : Nf4.Quantize(weight, quantizesScales: options.DoubleQuantization);
    }

    /// <exception cref="InputException">A layer's sizes do not fit the format.</exception>
    private static void Check(ModelPlan plan, QuantizationOptions options)
    {
        const int perWord = 8;
        if (options.GroupSize < perWord || options.GroupSize % perWord != 0)
        {
            throw new InputException($"`group-size` is {options.GroupSize}; it must be a multiple of {perWord}.")
            {
                Parameters = ["group-size"],
            };
        }

        foreach (var linear in plan.Quantizable)
        {
            if (options.IsCalibrated && (linear.Inputs % options.GroupSize != 0 || linear.Outputs % perWord != 0))
            {
                throw new InputException(
                    $"{linear.Name} has {linear.Inputs} inputs and {linear.Outputs} outputs, " +
                    $"which groups of {options.GroupSize} do not divide; choose `group-size` so that it divides the inputs.")
                {
                    Parameters = ["group-size"],
                };
            }

            if (options.Format is QuantizationFormat.Nf4 && (long)linear.Inputs * linear.Outputs % 2 != 0)
                throw new InputException($"{linear.Name} has an odd number of weights, and nf4 holds two in a byte; choose int8.");
        }
    }
}
