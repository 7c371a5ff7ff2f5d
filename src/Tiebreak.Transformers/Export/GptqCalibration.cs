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
    /// <returns>The packed weight of each layer. Experts that no token reached are rounded to the nearest.</returns>
    public static Dictionary<string, PackedWeight> Run(
        ModelFiles files, ModelPlan plan, IReadOnlyList<TokenSequence> rows, GptqOptions options)
    {
        var packable = plan.Packable.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal);
        var packed = new Dictionary<string, PackedWeight>(StringComparer.Ordinal);
        var weights = new CalibrationWeights(
            plan.Weights, (name, input, linear) => packable.Contains(name) ? Pack(name, input, linear) : null);
        using (var model = TransformerModel.Create(files.Config, files.HeadKind, weights))
            _ = model.Compute(rows);

        foreach (var linear in plan.Packable.Where(linear => !packed.ContainsKey(linear.Name)))
        {
            using var scope = NewDisposeScope();
            using var opened = plan.Open(linear);
            packed.Add(linear.Name, Gptq.Pack(opened.Weight(ScalarType.Float32), eye(linear.Inputs), options));
        }

        return packed;

        PackedLinear Pack(string name, Tensor input, Linear linear)
        {
            using var scope = NewDisposeScope();
            var tokens = input.view(-1, input.shape[^1]);
            var weight = Gptq.Pack(linear.Weight(ScalarType.Float32), tokens.t().matmul(tokens), options);
            packed.Add(name, weight);
            return new PackedLinear(weight, linear.Bias?.clone().DetachFromDisposeScope());
        }
    }
}
