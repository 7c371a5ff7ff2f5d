using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Reference;

/// <summary>Makes up every tensor that a model asks for, from a seed, and keeps the numbers for the reference formulas.</summary>
internal sealed class RandomWeights : WeightSource
{
    private readonly Dictionary<string, (long[] Shape, double[] Values)> _tensors = new(StringComparer.Ordinal);
    private SeededRandom _random;

    public RandomWeights(ulong seed)
    {
        TorchRuntime.Start();
        _random = new SeededRandom(seed);
    }

    public override Device Device => CPU;

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public override bool Has(string name) => false;

    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        var isNorm = name.Contains("norm", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".weight", StringComparison.Ordinal);
        var values = new double[shape.Length == 0 ? 1 : (int)shape.ToArray().Aggregate((a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((isNorm ? 1 : 0) + (0.3 * Normal()));
        _tensors.Add(name, (shape.ToArray(), values));
        return tensor(Array.ConvertAll(values, value => (float)value), shape).DetachFromDisposeScope();
    }

    public double[] Vector(string name) => _tensors[name].Values;

    /// <summary>The rows of a tensor of two or more dimensions, each flattened.</summary>
    public double[][] Matrix(string name) => [.. _tensors[name].Values.Chunk(_tensors[name].Values.Length / (int)_tensors[name].Shape[0])];

    // Box and Muller.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
