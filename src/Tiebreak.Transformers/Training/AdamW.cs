using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// AdamW (https://arxiv.org/abs/1711.05101). All parameters are updated as one vector in float32, because an adapter is hundreds of small
/// tensors. A parameter that had no part in a batch counts as one whose gradient is zero.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly AdamWOptions _options;
    private readonly Tensor _mean; // [numbers]: of gradients, decaying
    private readonly Tensor _square; // [numbers]: of squared gradients, decaying
    private int _steps;

    /// <summary>Starts with no past.</summary>
    /// <param name="parameters">What is updated, all on one device.</param>
    /// <param name="options">Rates.</param>
    public AdamW(ParameterSet parameters, AdamWOptions options)
    {
        _parameters = [.. parameters.Tensors.Values];
        _options = options;
        _mean = zeros(parameters.Count, dtype: ScalarType.Float32, device: _parameters[0].device).DetachFromDisposeScope();
        _square = zeros_like(_mean).DetachFromDisposeScope();
    }

    /// <summary>Takes one step along the gradients.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (values, gradients) = (Flat(tensor => tensor), Flat(tensor => tensor.grad ?? zeros_like(tensor)));
        _steps++;
        _ = _mean.mul_(_options.MeanDecay).add_(gradients, alpha: 1 - _options.MeanDecay);
        _ = _square.mul_(_options.SquareDecay).addcmul_(gradients, gradients, 1 - _options.SquareDecay);

        // Both averages began at 0, and are too small by these factors.
        var (ofMean, ofSquare) = (1 - Math.Pow(_options.MeanDecay, _steps), 1 - Math.Pow(_options.SquareDecay, _steps));
        var size = _square.sqrt().div_(Math.Sqrt(ofSquare)).add_(_options.Epsilon);
        _ = values.mul_(1 - (_options.LearningRate * _options.WeightDecay)).addcdiv_(_mean, size, -_options.LearningRate / ofMean);

        var start = 0L;
        foreach (var parameter in _parameters)
        {
            _ = parameter.copy_(values.narrow(0, start, parameter.numel()).view(parameter.shape));
            start += parameter.numel();
        }
    }

    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
    }

    private Tensor Flat(Func<Tensor, Tensor> of) => cat([.. _parameters.Select(tensor => of(tensor).to(ScalarType.Float32).flatten())]);
}
