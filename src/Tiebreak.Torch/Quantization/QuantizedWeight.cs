using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// The weight of a linear layer in few bits, as a checkpoint stores it; it stays so, and is dequantised when the layer is computed. On the
/// CPU kernels of this program do that, elsewhere operators of libtorch, with the same numbers.
/// </summary>
internal abstract class QuantizedWeight : IDisposable
{
    private readonly List<torch.Tensor> _owned = [];

    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Its columns.</param>
    protected QuantizedWeight(int outputs, int inputs) => (Outputs, Inputs) = (outputs, inputs);

    /// <summary>Rows of the weight.</summary>
    public int Outputs { get; }

    /// <summary>Its columns.</summary>
    public int Inputs { get; }

    /// <summary>The weight as numbers: computed in float32, rounded once.</summary>
    /// <param name="type">The type to have it in.</param>
    /// <returns>[outputs, inputs], perhaps not contiguous, in the caller's dispose scope.</returns>
    public torch.Tensor Dequantize(torch.ScalarType type) => _owned[0].device_type switch
    {
        DeviceType.META => torch.empty([Outputs, Inputs], type, torch.META), // a plan without numbers
        var device => Dequantize(type, useKernels: device is DeviceType.CPU),
    };

    /// <summary>The same, with the kernels of this program or with libtorch's operators.</summary>
    internal torch.Tensor Dequantize(torch.ScalarType type, bool useKernels)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        return (useKernels ? WithKernels() : WithOperators()).to(type).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The weight in float32, on the CPU.</summary>
    protected abstract torch.Tensor WithKernels();

    /// <summary>The weight in float32, on any device.</summary>
    protected abstract torch.Tensor WithOperators();

    /// <summary>Takes a tensor; it is freed with this one.</summary>
    protected torch.Tensor Own(torch.Tensor tensor)
    {
        _owned.Add(tensor);
        return tensor;
    }

    /// <summary>Frees what is owned.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;

        foreach (var tensor in _owned)
            tensor.Dispose();
        _owned.Clear();
    }
}
