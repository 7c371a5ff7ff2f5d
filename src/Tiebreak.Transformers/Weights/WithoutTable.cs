using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>The weights of a device on which no token is embedded: the embedding's table has no rows there.</summary>
/// <param name="inner">Where the other weights come from.</param>
internal sealed class WithoutTable(WeightSource inner) : PassedWeights(inner)
{
    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width) =>
        empty(0, width, Type.ToScalarType(), Device).DetachFromDisposeScope();

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored) =>
        asStored ? new WordEmbedding(Table(name, rows, width)) : base.Words(name, rows, width, asStored);
}
