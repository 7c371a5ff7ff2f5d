using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Packed;

/// <summary>
/// How a checkpoint packs its linear layers: what <c>quantization_config</c> says, and which tensors stand in for a weight.
/// </summary>
internal abstract class PackedLayout
{
    /// <summary>For messages: the method and its sizes.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the section of a configuration.</summary>
    /// <param name="config">A checkpoint's configuration.</param>
    /// <param name="checkpoint">Its files.</param>
    /// <returns>The layout; null: the configuration has no such section, and weights are plain.</returns>
    /// <exception cref="InputException">A method or a size that is not computed here.</exception>
    public static PackedLayout? Read(ModelConfig config, Checkpoint checkpoint)
    {
        if (config.Section("quantization_config") is not { } section)
            return null;
        return section.Text("quant_method") switch
        {
            "awq" => new AwqLayout(section),
            "gptq" => new GptqLayout(section),
            "bitsandbytes" when section.Flag("load_in_8bit", false) => new Int8Layout(),
            "bitsandbytes" => new FourBitLayout(section, checkpoint),
            _ => throw section.Unsupported("quant_method", "awq, gptq or bitsandbytes"),
        };
    }

    /// <summary>True if a linear layer is packed; those that are not have a plain weight.</summary>
    public abstract bool Holds(WeightSource weights, string linear);

    /// <summary>Takes a layer's packed tensors; every one is asked for, so that a plan notes it.</summary>
    /// <param name="weights">Where they come from.</param>
    /// <param name="linear">The layer.</param>
    /// <exception cref="InputException">Sizes do not divide, or what the files hold does not fit.</exception>
    public abstract PackedWeight Open(WeightSource weights, LinearShape linear);

    /// <summary>The inputs of a group; -1 in a configuration stands for all of them.</summary>
    protected static int? GroupSizeOf(ModelConfig section) => section.WholeOrNull("group_size") switch
    {
        -1 => null,
        > 0 and var size => size,
        _ => throw section.Unsupported("group_size", "a whole number of 1 or more, or -1 for one group"),
    };
}
