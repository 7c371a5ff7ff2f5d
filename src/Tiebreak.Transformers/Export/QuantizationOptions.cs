using Tiebreak.Torch.Quantization;

namespace Tiebreak.Transformers.Export;

/// <summary>Choices of <see cref="ModelQuantizer"/>.</summary>
public sealed record QuantizationOptions
{
    /// <summary>The format.</summary>
    public required QuantizationFormat Format { get; init; }

    /// <summary>AWQ and GPTQ: inputs that share a scale; it divides the inputs of every layer.</summary>
    public int GroupSize { get; init; } = 128;

    /// <summary>GPTQ: takes inputs in the order of their importance; see <see cref="GptqOptions.ActOrder"/>.</summary>
    public bool ActOrder { get; init; }

    /// <summary>nf4: quantises scales once more; see <see cref="DoubleQuantization"/>.</summary>
    public bool DoubleQuantization { get; init; }

    /// <summary>int8: how many layers stay as they are, those that lose most on the calibration rows.</summary>
    public int KeptLayers { get; init; }

    /// <summary>True if something of the model is decided by what passes through it.</summary>
    public bool NeedsCalibration => IsCalibrated || KeptLayers > 0;

    /// <summary>True if the format itself looks at what passes through the model.</summary>
    internal bool IsCalibrated => Format is QuantizationFormat.Awq or QuantizationFormat.Gptq;
}
