using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>Weights of another source, handed on as they are; who derives from it changes some.</summary>
/// <param name="inner">Where they come from.</param>
internal abstract class PassedWeights(WeightSource inner) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => inner.Device;

    /// <inheritdoc/>
    public override DType Type => inner.Type;

    /// <inheritdoc/>
    internal override bool StoresInt8 => inner.StoresInt8;

    /// <inheritdoc/>
    public override bool Has(string name) => inner.Has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => inner.RowsOf(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape) => inner.Tensor(name, shape);

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width) => inner.Table(name, rows, width);

    /// <inheritdoc/>
    internal override WordEmbedding Words(string name, long rows, long width, bool asStored) => inner.Words(name, rows, width, asStored);

    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias) => inner.Linear(name, inputs, outputs, hasBias);
}
