using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// A linear layer with an adapter of low rank (https://arxiv.org/abs/2106.09685): W + scaling * up down. With a magnitude it is DoRA
/// (https://arxiv.org/abs/2402.09353): each row of that sum is then brought to the length that was learned.
/// </summary>
internal sealed class LoraLinear : Linear
{
    private readonly Linear _inner;
    private readonly Tensor _down;
    private readonly Tensor _up;
    private readonly Tensor? _upBias;
    private readonly Tensor? _rowFactor;
    private readonly double _scaling;

    /// <summary>Takes the layer and the tensors over.</summary>
    /// <param name="inner">The layer that is adapted.</param>
    /// <param name="down">[rank, in].</param>
    /// <param name="up">[out, rank].</param>
    /// <param name="upBias">[out], added to what the adapter adds, before scaling; null: none.</param>
    /// <param name="scaling">The factor on up down.</param>
    /// <param name="magnitude">DoRA: the length of each row [out]; null: plain LoRA.</param>
    public LoraLinear(Linear inner, Tensor down, Tensor up, Tensor? upBias, double scaling, Tensor? magnitude)
    {
        (_inner, _down, _up, _scaling) = (Own(inner), Own(down), Own(up), scaling);
        _upBias = upBias is null ? null : Own(upBias);
        if (magnitude is null)
            return;

        using var scope = NewDisposeScope();
        var lengths = Sum(ScalarType.Float32).norm(1); // [out]
        _rowFactor = Own(magnitude.to(ScalarType.Float32).div(lengths).to(up.dtype).DetachFromDisposeScope());
        magnitude.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>A bias of the adapter's own becomes a part of it, so that W and b describe the layer wholly.</remarks>
    public override Tensor? Bias
    {
        get
        {
            if (_upBias is null)
                return _inner.Bias;
            using var scope = NewDisposeScope();
            var added = _upBias.mul(_scaling);
            if (_rowFactor is not null)
                added = added.mul(_rowFactor);
            return (_inner.Bias is { } bias ? bias.add(added) : added).MoveToOuterDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var added = nn.functional.linear(nn.functional.linear(input, _down), _up, _upBias).mul_(_scaling);
        var output = _inner.Forward(input);
        if (_rowFactor is null)
            return output.add(added).MoveToOuterDisposeScope();

        // The bias is outside of what DoRA scales.
        var plain = _inner.Bias is { } bias ? output.sub(bias) : output;
        var scaled = plain.add(added).mul(_rowFactor);
        return (_inner.Bias is { } again ? scaled.add(again) : scaled).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var sum = Sum(ScalarType.Float32);
        if (_rowFactor is not null)
            sum = sum.mul(_rowFactor.to(ScalarType.Float32).unsqueeze(1));
        return sum.to(type).MoveToOuterDisposeScope();
    }

    private Tensor Sum(ScalarType type) =>
        _inner.Weight(type).add(_up.to(type).matmul(_down.to(type)), alpha: _scaling); // [out, in]
}
