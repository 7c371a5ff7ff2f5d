using Tiebreak.Torch;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>Weights at the beginning of a training: what files hold, and what is drawn because they do not.</summary>
/// <param name="stored">The files.</param>
/// <param name="drawn">The others.</param>
/// <param name="storedName">The name in the files of a tensor that is asked for; null: it is drawn.</param>
internal sealed class BegunWeights(WeightSource stored, WeightSource drawn, Func<string, string?> storedName) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => stored.Device;

    /// <inheritdoc/>
    public override DType Type => stored.Type;

    /// <inheritdoc/>
    public override bool Has(string name) => stored.Has(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => stored.RowsOf(name);

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape) =>
        storedName(name) is { } known ? stored.Tensor(known, shape) : drawn.Tensor(name, shape);
}
