using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// How a checkpoint quantises its linear layers: what <c>quantization_config</c> says, and which tensors stand in for a weight.
/// </summary>
internal abstract class QuantizedLayout
{
    /// <summary>For messages: the method and its sizes.</summary>
    public abstract string Description { get; }

    /// <summary>What people should know of it, one sentence each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Reads what a checkpoint says of its quantisation.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="checkpoint">Its files.</param>
    /// <returns>The layout; null: it says nothing, and weights are plain.</returns>
    /// <exception cref="InputException">A method or a size that is not computed here.</exception>
    public static QuantizedLayout? Read(string folder, ModelConfig config, Checkpoint checkpoint)
    {
        if (QuantizationSection.Find(folder, config) is not var (method, settings))
            return null;
        return method switch
        {
            "awq" => new AwqLayout(settings),
            "gptq" => new GptqLayout(settings),
            "bitsandbytes" when settings.Flag("load_in_8bit", false) => new Int8Layout(),
            "bitsandbytes" => new FourBitLayout(settings, checkpoint),
            "compressed-tensors" => new CompressedTensorsLayout(settings, checkpoint),
            "fp8" or "fbgemm_fp8" => new Float8Layout(settings, checkpoint),
            _ => throw settings.NotComputed("quant_method", "awq, gptq, bitsandbytes, compressed-tensors, fp8 and fbgemm_fp8"),
        };
    }

    /// <summary>True if a linear layer is quantised; those that are not have a plain weight.</summary>
    public abstract bool Holds(WeightSource weights, string linear);

    /// <summary>Takes a layer's quantised tensors; every one is asked for, so that a plan notes it.</summary>
    /// <param name="weights">Where they come from.</param>
    /// <param name="linear">The layer.</param>
    /// <exception cref="InputException">Sizes do not divide, or what the files hold does not fit.</exception>
    public abstract QuantizedWeight Open(WeightSource weights, LinearShape linear);

    /// <summary>For layouts whose authors compute with rounded activations.</summary>
    protected const string ActivationNote = "The weights are meant for programs that round activations to 8 bits as well; Tiebreak "
        + "computes these in floating point, so that numbers differ a little from those of such programs.";

    /// <summary>Numbers of a byte with a scale an output, or one for all.</summary>
    /// <param name="weights">Where they come from.</param>
    /// <param name="linear">The layer's name.</param>
    /// <param name="values">[outputs, inputs], taken over.</param>
    /// <param name="isFloat">Whether they are codes of fp8.</param>
    /// <param name="checkpoint">The files: they say how many scales there are.</param>
    /// <param name="zeros">int8 [outputs, 1], taken over; null: none.</param>
    protected static QuantizedWeight Scaled(
        WeightSource weights, string linear, Tensor values, bool isFloat, Checkpoint checkpoint, Tensor? zeros)
    {
        var (name, outputs) = ($"{linear}.weight_scale", values.shape[0]);
        var shape = checkpoint[name].Shape;
        var scales = shape switch
        {
            [] => weights.Stored(name, null),
            [1] => weights.Stored(name, null, 1),
            [_] => weights.Stored(name, null, outputs),
            _ => weights.Stored(name, null, outputs, 1),
        };
        using var taken = scales;
        return ScaledWeight.OfBytes(values, isFloat, taken.view(-1, 1).DetachFromDisposeScope(), (1, 1), zeros);
    }

    /// <summary>Notes a tensor that has no part in what is computed.</summary>
    protected static void Forget(WeightSource weights, string name, Checkpoint checkpoint) =>
        weights.Stored(name, checkpoint[name].Type, [.. checkpoint[name].Shape]).Dispose();

    /// <summary>The inputs of a group; -1 in a configuration stands for all of them.</summary>
    protected static int? GroupSizeOf(ModelConfig section, string key = "group_size") => section.WholeOrNull(key) switch
    {
        -1 => null,
        > 0 and var size => size,
        _ => throw section.Unsupported(key, "a whole number of 1 or more, or -1 for one group"),
    };
}
