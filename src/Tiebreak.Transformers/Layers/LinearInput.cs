using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>What several linear layers read: those that multiply in int8 share its rounded rows.</summary>
/// <param name="values">[..., in]; stays the caller's.</param>
internal sealed class LinearInput(Tensor values) : IDisposable
{
    private Int8Rows? _rounded;

    /// <summary>The numbers.</summary>
    public Tensor Values => values;

    /// <summary>The numbers as rows of int8; rounded when they are first asked for.</summary>
    public Int8Rows Rounded => _rounded ??= Int8Linear.Round(values);

    /// <inheritdoc/>
    public void Dispose() => _rounded?.Dispose();
}
