using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Weights;
using TorchSharp;
using TorchSharp.Modules;

namespace Tiebreak.Benchmarks;

/// <summary>Fresh float32 weights that gradients reach: what a model asks for is made up, and kept to be trained and saved.</summary>
internal sealed class TrainableWeights(torch.Generator generator) : WeightSource
{
    /// <summary>Leaves, by name.</summary>
    public Dictionary<string, Parameter> Parameters { get; } = new(StringComparer.Ordinal);

    public override torch.Device Device => torch.CPU;

    public override bool Has(string name) => true;

    public override torch.Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        using var scope = torch.NewDisposeScope();
        var values = name.Contains("norm", StringComparison.Ordinal)
            ? torch.ones(shape)
            : torch.randn(shape, generator: generator).MultiplyInPlace(1 / Math.Sqrt(shape[^1]));
        var leaf = new Parameter(values.DetachFromDisposeScope());
        _ = leaf.DetachFromDisposeScope();
        Parameters.Add(name, leaf);
        return leaf.alias().DetachFromDisposeScope(); // the model frees what it got
    }
}
