using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Sequences;
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

    /// <summary>Applies a layer to the rows of some tokens.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tokens">Whose rows these are.</param>
    /// <param name="wanted">Which of them.</param>
    /// <returns>[wanted tokens, out].</returns>
    public Tensor Apply(Linear layer, PackedTokens tokens, TokenSelection wanted) =>
        wanted is TokenSelection.All ? layer.Forward(this) : layer.Forward(tokens.Select(values, wanted));

    /// <inheritdoc/>
    public void Dispose() => _rounded?.Dispose();
}
