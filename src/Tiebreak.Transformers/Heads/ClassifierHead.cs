using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>Logits of labels: one linear layer, or two with an activation between (the pooler of encoders).</summary>
public sealed class ClassifierHead : Head
{
    private readonly Linear? _dense;
    private readonly Activation _activation;
    private readonly Linear _output;

    /// <summary>One linear layer.</summary>
    public ClassifierHead(Linear output) => _output = Own(output);

    /// <summary>Two linear layers.</summary>
    /// <param name="dense">The first.</param>
    /// <param name="activation">Between them.</param>
    /// <param name="output">The second.</param>
    public ClassifierHead(Linear dense, Activation activation, Linear output)
        : this(output)
    {
        _dense = Own(dense);
        _activation = activation;
    }

    /// <summary>How many labels (or values) there are.</summary>
    public int Outputs
    {
        get
        {
            using var scope = NewDisposeScope();
            return (int)_output.Weight(ScalarType.Float32).shape[0];
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var features = _dense is null ? pooled : _activation.Apply(_dense.Forward(pooled));
        return _output.Forward(features).MoveToOuterDisposeScope();
    }
}
