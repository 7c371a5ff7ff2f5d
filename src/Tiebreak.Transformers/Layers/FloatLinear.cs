using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// x W^T + b and the gradient of x by the kernel that is faster than libtorch's product where it runs (<see cref="FloatProduct"/>). The
/// gradient of W, whose factors the kernel would have to transpose first, is libtorch's.
/// </summary>
internal sealed class FloatLinear : autograd.SingleTensorFunction<FloatLinear>
{
    private const string Bias = "bias";

    public override string Name => nameof(FloatLinear);

    /// <summary>Whether it computes these, and there is a gradient to compute.</summary>
    /// <param name="input">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    public static bool Takes(Tensor input, Tensor weight, Tensor? bias) =>
        (input.requires_grad || weight.requires_grad || bias is { requires_grad: true }) && is_grad_enabled()
        && FloatProduct.TakesInTraining(input, weight, bias);

    /// <summary>Computes the product.</summary>
    /// <param name="input">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <param name="hasValues">False: zeros with the gradients of the product (<see cref="Linear.WithoutValues"/>).</param>
    /// <returns>[..., out].</returns>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias, bool hasValues = true)
    {
        using var scope = NewDisposeScope();
        return apply(input, weight, bias!, hasValues).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        ctx.save_for_backward([input, weight]);
        ctx.save_data(Bias, bias is { requires_grad: true });
        return (bool)vars[3] ? FloatProduct.Multiply(input, weight, bias) : input.new_zeros([.. input.shape[..^1], weight.shape[0]]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (input, weight) = (saved[0], saved[1]);
            var gradient = grad_output.contiguous();
            var rows = gradient.flatten(0, -2);
            return ReturnedGradients.Keep(
            [
                input.requires_grad ? FloatProduct.MultiplyMatrix(gradient, weight).DetachFromDisposeScope() : null,
                weight.requires_grad ? rows.t().mm(input.flatten(0, -2)).DetachFromDisposeScope() : null,
                (bool)ctx.get_data(Bias) ? rows.sum(dim: 0).DetachFromDisposeScope() : null,
                null, // one for each argument
            ]);
        }
    }
}
