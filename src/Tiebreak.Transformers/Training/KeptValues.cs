using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>The values of parameters that are changed for a while; when it is disposed they have them again, bit for bit.</summary>
internal sealed class KeptValues : IDisposable
{
    private readonly (Tensor Parameter, Tensor Value)[] _values;

    /// <summary>Copies the values.</summary>
    /// <param name="parameters">The parameters that will change.</param>
    public KeptValues(IEnumerable<Tensor> parameters)
    {
        using var mode = no_grad();
        _values = [.. parameters.Select(parameter => (parameter, parameter.detach().clone().DetachFromDisposeScope()))];
    }

    public void Dispose()
    {
        using var mode = no_grad();
        foreach (var (parameter, value) in _values)
        {
            _ = parameter.copy_(value);
            value.Dispose();
        }
    }
}
