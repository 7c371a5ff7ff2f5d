using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>Logits of labels: one linear layer, or two with an activation between (the pooler of encoders).</summary>
internal sealed class ClassifierHead : Head
{
    private readonly Linear? _dense;
    private readonly Activation _activation;
    private readonly Linear _output;
    private readonly Dropout _inputDropout = Dropout.None;
    private readonly Dropout _outputDropout = Dropout.None;
    private readonly Norm? _norm;

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

    /// <summary>Two linear layers with dropout before each, and perhaps a norm between (ModernBERT).</summary>
    internal ClassifierHead(
        Linear dense, Activation activation, Linear output, Dropout inputDropout, Dropout outputDropout, Norm? norm = null)
        : this(dense, activation, output)
    {
        (_inputDropout, _outputDropout) = (inputDropout, outputDropout);
        _norm = norm is null ? null : Own(norm);
    }

    /// <inheritdoc/>
    public override int Outputs
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
        var features = _inputDropout.Forward(pooled);
        if (_dense is not null)
            features = _activation.Apply(_dense.Forward(features));
        if (_norm is not null)
            features = _norm.Forward(features);
        return _output.Forward(_outputDropout.Forward(features)).MoveToOuterDisposeScope();
    }
}
