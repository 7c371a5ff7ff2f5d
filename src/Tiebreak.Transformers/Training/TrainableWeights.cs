using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>Weights that learn: a tensor that is asked for becomes a parameter with a gradient and memory of its own.</summary>
/// <param name="inner">Where weights begin.</param>
/// <param name="parameters">Receives the tensors that learn.</param>
/// <param name="dropout">Turns dropout on.</param>
/// <param name="learns">Tells by its name whether a tensor learns; the others stay as they are. Null: all learn.</param>
internal sealed class TrainableWeights(
    WeightSource inner, ParameterSet parameters, DropoutSwitch dropout, Func<string, bool>? learns = null) : WeightSource
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
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        if (learns?.Invoke(name) is false)
            return inner.Tensor(name, shape);

        // The source's memory may be a file that is mapped for reading.
        using var stored = inner.Tensor(name, shape);
        var parameter = stored.clone().DetachFromDisposeScope().requires_grad_();
        parameters.Add(name, parameter);
        return parameter;
    }

    /// <inheritdoc/>
    internal override Dropout Dropout(double probability) => dropout.Create(probability);
}
