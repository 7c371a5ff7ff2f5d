using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>The gated feed-forward part (https://arxiv.org/abs/2002.05202): down(activation(gate x) * up x).</summary>
internal sealed class FeedForward : WeightOwner
{
    private readonly Linear? _gate;
    private readonly Linear? _up;
    private readonly Linear? _gateUp;
    private readonly Linear _down;
    private readonly Activation _activation;
    private readonly int _size;

    public FeedForward(DecoderOptions options, WeightSource weights, string prefix)
    {
        (_activation, _size) = (options.Activation, options.IntermediateSize);
        var names = options.Names;
        if (names.GateUp is { } gateUp)
        {
            _gateUp = Own(weights.Linear(prefix + gateUp, options.HiddenSize, 2 * _size, options.FeedForwardBias));
        }
        else
        {
            _gate = Own(weights.Linear(prefix + names.Gate, options.HiddenSize, _size, options.FeedForwardBias));
            _up = Own(weights.Linear(prefix + names.Up, options.HiddenSize, _size, options.FeedForwardBias));
        }

        _down = Own(weights.Linear(prefix + names.Down, _size, options.HiddenSize, options.FeedForwardBias));
    }

    /// <param name="hidden">[tokens, hidden].</param>
    /// <returns>[tokens, hidden].</returns>
    public Tensor Forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var (gate, up) = _gateUp is null ? (_gate!.Forward(hidden), _up!.Forward(hidden)) : Halves(_gateUp.Forward(hidden));
        return _down.Forward(_activation.Apply(gate).mul(up)).MoveToOuterDisposeScope();
    }

    private (Tensor Gate, Tensor Up) Halves(Tensor both) => (both.narrow(1, 0, _size), both.narrow(1, _size, _size));
}
