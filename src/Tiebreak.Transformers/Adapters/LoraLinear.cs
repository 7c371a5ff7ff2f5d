using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// A linear layer with an adapter of low rank (https://arxiv.org/abs/2106.09685): W + scaling * B A. With a magnitude it is DoRA
/// (https://arxiv.org/abs/2402.09353): each row of that sum is then brought to the length that was learned.
/// </summary>
internal sealed class LoraLinear : Linear
{
    private readonly Linear _inner;
    private readonly double _scaling;
    private readonly Dropout _dropout;
    private readonly Tensor? _rowFactor;

    /// <summary>Takes the layer and the tensors over.</summary>
    /// <param name="inner">The layer that is adapted.</param>
    /// <param name="a">[rank, in].</param>
    /// <param name="b">[out, rank].</param>
    /// <param name="bias">[out], added to what the adapter adds, before scaling; null: none.</param>
    /// <param name="scaling">The factor on B A.</param>
    /// <param name="magnitude">DoRA: the length of each row [out]; null: plain LoRA.</param>
    /// <param name="dropout">Of what goes into the adapter.</param>
    public LoraLinear(Linear inner, Tensor a, Tensor b, Tensor? bias, double scaling, Tensor? magnitude, Dropout dropout)
    {
        (_inner, A, B, _scaling, _dropout) = (Own(inner), Own(a), Own(b), scaling, dropout);
        AdapterBias = bias is null ? null : Own(bias);
        Magnitude = magnitude is null ? null : Own(magnitude);

        // Where nothing learns, the factor stays what it is.
        if (magnitude is not null && !(a.requires_grad || b.requires_grad || magnitude.requires_grad))
            _rowFactor = Own(ComputeRowFactor().DetachFromDisposeScope());
    }

    /// <summary>The adapter's first matrix [rank, in].</summary>
    public Tensor A { get; }

    /// <summary>The adapter's second matrix [out, rank].</summary>
    public Tensor B { get; }

    /// <summary>The adapter's own bias [out]; null: it has none.</summary>
    public Tensor? AdapterBias { get; }

    /// <summary>DoRA: the length of each row of the weight [out]; null: plain LoRA.</summary>
    public Tensor? Magnitude { get; }

    /// <inheritdoc/>
    /// <remarks>A bias of the adapter's own becomes a part of it, so that W and b describe the layer wholly.</remarks>
    public override Tensor? Bias
    {
        get
        {
            if (AdapterBias is null)
                return _inner.Bias;
            using var scope = NewDisposeScope();
            var added = AdapterBias.Multiply(_scaling);
            if (RowFactor() is { } factor)
                added = added.mul(factor);
            return (_inner.Bias is { } bias ? bias.Add(added) : added).MoveToOuterDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = _dropout.Forward(input);
        var low = nn.functional.linear(kept, A).MultiplyInPlace(_scaling); // here, where the adapter is narrow
        var output = _inner.Forward(input);
        if (RowFactor() is not { } factor)
        {
            var sum = output.flatten(0, -2).addmm_(low.flatten(0, -2), B.t()).view(output.shape);
            return (AdapterBias is null ? sum : sum.Add(AdapterBias, alpha: _scaling)).MoveToOuterDisposeScope();
        }

        var added = nn.functional.linear(low, B, AdapterBias?.Multiply(_scaling));

        // As in PEFT: the base's own output is not dropped from, what DoRA changes in it is.
        if (_dropout.IsOn)
            return output.Add(WithoutBias(_inner.Forward(kept)).mul(factor.Subtract(1))).Add(added.mul(factor)).MoveToOuterDisposeScope();

        // The bias is outside of what DoRA scales.
        var scaled = WithoutBias(output).Add(added).mul(factor);
        return (_inner.Bias is { } bias ? scaled.Add(bias) : scaled).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor WithoutValues(Tensor input)
    {
        if (Magnitude is not null) // its gradient needs them
            return Forward(input);

        using var scope = NewDisposeScope();
        var low = nn.functional.linear(_dropout.Forward(input), A).MultiplyInPlace(_scaling);
        var sum = _inner.WithoutValues(input).Add(UncomputedProduct.Of(low, B, bias: null));
        return (AdapterBias is null ? sum : sum.Add(AdapterBias, alpha: _scaling)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var sum = Sum();
        if (RowFactor() is { } factor)
            sum = sum.mul(factor.to(ScalarType.Float32).unsqueeze(1));
        return sum.to(type).MoveToOuterDisposeScope();
    }

    private Tensor WithoutBias(Tensor output) => _inner.Bias is { } bias ? output.sub(bias) : output;

    private Tensor? RowFactor() => Magnitude is null ? null : _rowFactor ?? ComputeRowFactor();

    // Magnitude / length of each row [out]. The lengths count as constants: only the magnitude has a gradient here (section 4.3 of DoRA's
    // paper).
    private Tensor ComputeRowFactor()
    {
        using var scope = NewDisposeScope();
        Tensor lengths;
        using (no_grad())
            lengths = Sum().norm(1);
        return Magnitude!.to(ScalarType.Float32).div(lengths).to(B.dtype).MoveToOuterDisposeScope();
    }

    // W + scaling * B A [out, in], in float32.
    private Tensor Sum() =>
        _inner.Weight(ScalarType.Float32).Add(B.to(ScalarType.Float32).matmul(A.to(ScalarType.Float32)), alpha: _scaling);
}
