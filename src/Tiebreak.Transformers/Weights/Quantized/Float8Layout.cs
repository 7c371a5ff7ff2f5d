using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// Weights in fp8 (e4m3): DeepSeek's and Qwen's, with a scale for each square (<c>weight_scale_inv</c>), and FBGEMM's, with one for each
/// output (<c>weight_scale</c>).
/// </summary>
internal sealed class Float8Layout : QuantizedLayout
{
    private readonly Checkpoint _checkpoint;
    private readonly IReadOnlyList<int> _block;

    public Float8Layout(ModelConfig section, Checkpoint checkpoint)
    {
        if (section.TextOrNull("fmt") is not (null or "e4m3"))
            throw section.NotComputed("fmt", "e4m3");
        _checkpoint = checkpoint;
        _block = section.WholesOrNull("weight_block_size") ?? [];
        if (_block is not ([] or [> 0, > 0]))
            throw section.Unsupported("weight_block_size", "two whole numbers of 1 or more");
    }

    /// <inheritdoc/>
    public override string Description =>
        _block is [var rows, var columns] ? $"fp8 with blocks of {rows} x {columns}" : "fp8 with a scale an output";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes { get; } = [ActivationNote];

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) =>
        weights.Has($"{linear}.weight_scale_inv") || weights.Has($"{linear}.weight_scale");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var name = linear.Name;
        if (weights.Has($"{name}.input_scale"))
            Forget(weights, $"{name}.input_scale", _checkpoint); // of activations, which are not rounded here
        var values = weights.Stored($"{name}.weight", DType.Float8E4M3, linear.Outputs, linear.Inputs);
        if (_block is not [var rows, var columns])
            return Scaled(weights, name, values, isFloat: true, _checkpoint, zeros: null);

        var scales = weights.Stored(
            $"{name}.weight_scale_inv", null, (linear.Outputs + rows - 1) / rows, (linear.Inputs + columns - 1) / columns);
        return ScaledWeight.OfBytes(values, isFloat: true, scales, (rows, columns), zeros: null);
    }
}
