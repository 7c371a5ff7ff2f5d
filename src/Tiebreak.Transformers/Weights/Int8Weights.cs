using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// Weights of a model that computes its linear layers in int8, with activations rounded as they come; see <see cref="LinearCompute.Int8"/>.
/// </summary>
/// <param name="inner">Where weights come from.</param>
internal sealed class Int8Weights(WeightSource inner) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => inner.Device;

    /// <inheritdoc/>
    public override DType Type => inner.Type;

    /// <inheritdoc/>
    public override bool Has(string name) => inner.Has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => inner.RowsOf(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape) => inner.Tensor(name, shape);

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width) => inner.Table(name, rows, width);

    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias)
    {
        var linear = inner.Linear(name, inputs, outputs, hasBias);
        return inner.StoresInt8 && linear is DenseLinear ? linear : new Int8Linear(linear);
    }
}
