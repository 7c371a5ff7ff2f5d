using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A function of one tensor that keeps its input only, and is computed again in the backward pass. Parameters inside of it get their
/// gradients there.
/// </summary>
internal sealed class RecomputedFunction : autograd.SingleTensorFunction<RecomputedFunction>
{
    private const string Function = "function";

    public override string Name => nameof(RecomputedFunction);

    /// <summary>Computes the function.</summary>
    /// <param name="input">Has a gradient.</param>
    /// <param name="function">
    /// It gives the same values whenever it is called, so dropout in it follows from a seed; in the backward pass any values with the same
    /// gradients.
    /// </param>
    public static Tensor Of(Tensor input, Func<Tensor, Tensor> function)
    {
        using var scope = NewDisposeScope();
        return apply(input, function).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, function) = ((Tensor)vars[0], (Func<Tensor, Tensor>)vars[1]);
        ctx.save_for_backward([input]);
        ctx.save_data(Function, function);
        using var mode = no_grad();
        return function(input);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var input = ctx.get_saved_variables()[0].detach().requires_grad_();
            using (enable_grad())
            {
                var output = ((Func<Tensor, Tensor>)ctx.get_data(Function))(input);
                output.backward([grad_output]);
            }

            return ReturnedGradients.Keep([input.grad!.DetachFromDisposeScope(), null]);
        }
    }
}
