using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Encoders;

/// <summary>The convolution over tokens beside DeBERTa-v2's first layer.</summary>
internal sealed record ConvolutionOptions
{
    /// <summary>Tokens that one output sees; odd.</summary>
    public required int KernelSize { get; init; }

    /// <summary>Groups of channels.</summary>
    public required int Groups { get; init; }

    /// <summary>After the convolution.</summary>
    public required Activation Activation { get; init; }
}
