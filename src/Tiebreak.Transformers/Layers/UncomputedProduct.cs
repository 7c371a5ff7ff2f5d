using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>The gradients of x W^T + b without the product (<see cref="Linear.WithoutValues"/>): they need x and W alone.</summary>
internal sealed class UncomputedProduct : autograd.SingleTensorFunction<UncomputedProduct>
{
    private const string Bias = "bias";

    public override string Name => nameof(UncomputedProduct);

    /// <summary>Passes gradients as the product would.</summary>
    /// <param name="input">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <returns>[..., out]: zeros.</returns>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        return apply(input, weight, bias!).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        ctx.save_for_backward([input, weight]);
        ctx.save_data(Bias, bias is { requires_grad: true });
        return input.new_zeros([.. input.shape[..^1], weight.shape[0]]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (input, weight) = (saved[0], saved[1]);
            var rows = grad_output.flatten(0, -2);
            return ReturnedGradients.Keep(
            [
                input.requires_grad ? grad_output.matmul(weight).DetachFromDisposeScope() : null,
                weight.requires_grad ? rows.t().mm(input.flatten(0, -2)).DetachFromDisposeScope() : null,
                (bool)ctx.get_data(Bias) ? rows.sum(dim: 0).DetachFromDisposeScope() : null,
            ]);
        }
    }
}
