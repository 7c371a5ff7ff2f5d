using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>Feed-forward parts whose layers all multiply in int8 here, computed as a whole; see <see cref="Int8FeedForward"/>.</summary>
internal static class Int8Chain
{
    /// <summary>Computes down(activation(gate x) * up x), or down(activation(up x)).</summary>
    /// <param name="input">[rows, hidden].</param>
    /// <param name="gate">Null: there is none.</param>
    /// <param name="up">From the hidden states to the inner ones.</param>
    /// <param name="down">And back.</param>
    /// <param name="activation">The function between them.</param>
    /// <returns>[rows, hidden]; null: one of the layers, or the function, is computed otherwise.</returns>
    public static Tensor? TryForward(Tensor input, Linear? gate, Linear up, Linear down, Activation activation)
    {
        if (!is_inference_mode_enabled() || input.dtype is not (ScalarType.Float32 or ScalarType.BFloat16)
            || up is not Int8Linear { Packed: { } ofUp } || down is not Int8Linear { Packed: { } ofDown })
        {
            return null;
        }

        var ofGate = (gate as Int8Linear)?.Packed;
        if (gate is not null && ofGate is null)
            return null;

        using var rows = Int8Linear.Round(input);
        return activation switch
        {
            Activation.Silu => Int8FeedForward.Compute<Silu>(rows, ofGate, ofUp, ofDown, input.dtype),
            Activation.Gelu => Int8FeedForward.Compute<Gelu>(rows, ofGate, ofUp, ofDown, input.dtype),
            Activation.GeluTanh => Int8FeedForward.Compute<GeluTanh>(rows, ofGate, ofUp, ofDown, input.dtype),
            _ => null,
        };
    }
}
