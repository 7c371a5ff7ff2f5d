using Tiebreak.Torch.Kernels;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Decoders;

/// <summary>
/// The feed-forward part: gated (https://arxiv.org/abs/2002.05202), down(activation(gate x) * up x), or plain, down(activation(up x)).
/// </summary>
internal sealed class FeedForward : WeightOwner
{
    /// <summary>
    /// Most tokens that are computed at once, where no gradients are wanted: the inner state of long batches takes many times the memory of
    /// their hidden states. Of fewer tokens products are slower.
    /// </summary>
    internal const int ChunkTokens = 2048;

    private readonly Linear? _gate;
    private readonly Linear _up;
    private readonly Linear _down;
    private readonly Activation _activation;
    private readonly bool _isFused;
    private readonly int _size;
    private readonly Dropout _dropout;

    /// <param name="options">The decoder.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="prefix">Before the names of the projections.</param>
    /// <param name="names">The projections.</param>
    /// <param name="size">The inner size.</param>
    public FeedForward(DecoderOptions options, WeightSource weights, string prefix, FeedForwardNames names, int size)
    {
        (_activation, _isFused, _size) = (options.Activation, names.IsFused, size);
        if (names.Gate is { } gate)
            _gate = Own(weights.Linear(prefix + gate, options.HiddenSize, size, options.FeedForwardBias));
        _up = Own(weights.Linear(prefix + names.Up, options.HiddenSize, _isFused ? 2 * size : size, options.FeedForwardBias));
        _down = Own(weights.Linear(prefix + names.Down, size, options.HiddenSize, options.FeedForwardBias));
        _dropout = options.FeedForwardDropout > 0 ? weights.Dropout(options.FeedForwardDropout) : Dropout.None;
    }

    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="needsValues">False: nobody reads what it gives, but its gradients are wanted.</param>
    /// <returns>[tokens, hidden].</returns>
    public Tensor Forward(Tensor hidden, bool needsValues = true)
    {
        var tokens = hidden.shape[0];
        if (tokens <= ChunkTokens || !is_inference_mode_enabled())
            return Compute(hidden, needsValues);

        var output = empty_like(hidden);
        for (long start = 0; start < tokens; start += ChunkTokens)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(ChunkTokens, tokens - start);
            _ = output.narrow(0, start, count).copy_(Compute(hidden.narrow(0, start, count), needsValues));
        }

        return output;
    }

    private Tensor Compute(Tensor hidden, bool needsValues)
    {
        using var scope = NewDisposeScope();
        using var input = new LinearInput(hidden);
        var up = _up.Forward(input);
        var inner = (_gate, _isFused) switch
        {
            (_, true) => Gated(up.narrow(1, 0, _size), up.narrow(1, _size, _size)),
            ({ } gate, _) => Gated(gate.Forward(input), up),
            _ => _activation.Apply(up),
        };
        var kept = _dropout.Forward(inner);
        return (needsValues ? _down.Forward(kept) : _down.WithoutValues(kept)).MoveToOuterDisposeScope();
    }

    private Tensor Gated(Tensor gate, Tensor up)
    {
        if (_activation is not (Activation.Silu or Activation.GeluTanh) || !GateKernel.Takes(gate, up))
            return _activation.Apply(gate).mul(up);

        GateKernel.Multiply(gate, up, isGelu: _activation is Activation.GeluTanh);
        return gate;
    }
}
