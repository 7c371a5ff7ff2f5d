using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// The gradients of a step, added up in float32 over its parts: those of all parameters as one vector. A parameter that had no part in a
/// batch counts as one whose gradient is zero.
/// </summary>
internal sealed class GradientSums : IDisposable
{
    private readonly IReadOnlyList<Tensor> _parameters;

    /// <summary>Begins with zeros.</summary>
    /// <param name="parameters">The parameters, all on one device; they belong to the model.</param>
    public GradientSums(IReadOnlyList<Tensor> parameters)
    {
        using var mode = no_grad();
        _parameters = parameters;
        Sum = zeros(parameters.Sum(tensor => tensor.numel()), dtype: ScalarType.Float32, device: parameters[0].device)
            .DetachFromDisposeScope();

        // They stay as long as the parameters do: made in the midst of a step they would break up memory that each step uses again.
        foreach (var parameter in parameters.Where(parameter => parameter.grad is null))
        {
            using var zeros = zeros_like(parameter);
            parameter.grad = zeros;
        }
    }

    /// <summary>[numbers].</summary>
    public Tensor Sum { get; }

    /// <summary>Adds the parameters' gradients, and clears them.</summary>
    public void Accumulate()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        foreach (var (parameter, place) in Places(Sum))
        {
            if (parameter.grad is not { } gradient)
                continue;
            if (TensorMemory.HoldsPlain(gradient))
            {
                AdamWKernel.Accumulate(place, gradient);
                continue;
            }

            _ = place.AddInPlace(gradient.flatten());
            _ = gradient.zero_();
        }
    }

    /// <summary>The parameters, each with its part of a vector of all of them.</summary>
    /// <param name="flat">[numbers].</param>
    public IEnumerable<(Tensor Parameter, Tensor Place)> Places(Tensor flat)
    {
        var start = 0L;
        foreach (var parameter in _parameters)
        {
            yield return (parameter, flat.narrow(0, start, parameter.numel()));
            start += parameter.numel();
        }
    }

    public void Dispose() => Sum.Dispose();
}
