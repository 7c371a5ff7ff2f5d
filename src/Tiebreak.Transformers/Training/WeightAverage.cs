using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// The exponential moving average of parameters, in float32: it changes less from step to step than they do, and often judges better
/// (https://arxiv.org/abs/1803.05407). In the first steps the past counts less, so that the beginning is soon forgotten.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> _parameters;
    private readonly Dictionary<string, Tensor> _averages;
    private readonly double _decay;

    /// <summary>Begins with the parameters as they are.</summary>
    /// <param name="parameters">The parameters by name; they belong to the model.</param>
    /// <param name="decay">What an average keeps of its past in a step, from 0 to below 1.</param>
    public WeightAverage(IReadOnlyDictionary<string, Tensor> parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        using var mode = no_grad();
        _averages = parameters.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.to(ScalarType.Float32, copy: true).DetachFromDisposeScope(),
            StringComparer.Ordinal);
    }

    /// <summary>The averages, by the names of the parameters.</summary>
    public IReadOnlyDictionary<string, Tensor> Averages => _averages;

    /// <summary>Takes in the parameters after a step.</summary>
    /// <param name="steps">Steps taken so far, this one included.</param>
    public void Add(int steps)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var decay = Math.Min(_decay, (1.0 + steps) / (10 + steps));
        foreach (var (name, average) in _averages)
            _ = average.lerp_(_parameters[name].to(ScalarType.Float32), 1 - decay);
    }

    /// <summary>Gives the parameters the averages as values.</summary>
    public void Apply()
    {
        using var mode = no_grad();
        foreach (var (name, average) in _averages)
            _ = _parameters[name].copy_(average);
    }

    public void Dispose()
    {
        foreach (var average in _averages.Values)
            average.Dispose();
    }
}
