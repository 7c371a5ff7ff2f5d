using Tiebreak.Transformers.Configuration;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>Activations by name, applied to tensors.</summary>
internal static class ActivationFunctions
{
    /// <summary>Applies the function to every element.</summary>
    public static Tensor Apply(this Activation activation, Tensor input) => activation switch
    {
        Activation.Silu => nn.functional.silu(input),
        Activation.Gelu => input.gelu(),
        Activation.GeluTanh => input.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        Activation.Relu => input.relu(),
        Activation.Tanh => input.tanh(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The function that a configuration names, in transformers' spelling.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="key">The field.</param>
    /// <param name="fallback">What holds where the field is absent.</param>
    public static Activation ActivationOf(this ModelConfig config, string key, Activation fallback) => config.TextOrNull(key) switch
    {
        null => fallback,
        "silu" or "swish" => Activation.Silu,
        "gelu" => Activation.Gelu,
        "gelu_pytorch_tanh" or "gelu_new" => Activation.GeluTanh,
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        _ => throw config.NotComputed(key, "silu, gelu, gelu_pytorch_tanh, relu and tanh"),
    };
}
