using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// GPTQ over a whole model in one pass: each layer is quantised when the calibration rows reach it, and they go on through what it has
/// become, so that later layers make up for earlier ones.
/// </summary>
internal static class GptqCalibration
{
    /// <param name="files">The model.</param>
    /// <param name="plan">Its parts.</param>
    /// <param name="rows">Calibration rows, all computed together.</param>
    /// <param name="options">Choices.</param>
    /// <returns>The quantised weight of each layer. Experts that no token reached are rounded to the nearest.</returns>
    public static Dictionary<string, QuantizedWeight> Run(
        ModelFiles files, ModelPlan plan, IReadOnlyList<TokenSequence> rows, GptqOptions options)
    {
        var quantizable = plan.Quantizable.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal);
        var quantized = new Dictionary<string, QuantizedWeight>(StringComparer.Ordinal);
        var weights = new CalibrationWeights(
            plan.Weights, (name, input, linear) => quantizable.Contains(name) ? Quantize(name, input, linear) : null);
        using (var model = TransformerModel.Create(files.Config, files.HeadKind, weights))
            _ = model.Compute(rows);

        foreach (var linear in plan.Quantizable.Where(linear => !quantized.ContainsKey(linear.Name)))
        {
            using var scope = NewDisposeScope();
            using var opened = plan.Open(linear);
            quantized.Add(linear.Name, Gptq.Quantize(opened.Weight(ScalarType.Float32), eye(linear.Inputs), options));
        }

        return quantized;

        QuantizedLinear Quantize(string name, Tensor input, Linear linear)
        {
            using var scope = NewDisposeScope();
            var tokens = input.view(-1, input.shape[^1]);
            var weight = Gptq.Quantize(linear.Weight(ScalarType.Float32), tokens.t().matmul(tokens), options);
            quantized.Add(name, weight);
            return new QuantizedLinear(weight, linear.Bias?.clone().DetachFromDisposeScope());
        }
    }
}
