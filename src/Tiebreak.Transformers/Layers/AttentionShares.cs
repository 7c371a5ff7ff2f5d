using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Shares of attention with gradients: softmax over the keys that each query sees, and what dropout leaves of it. The shares are all that
/// is kept.
/// </summary>
internal sealed class AttentionShares : autograd.SingleTensorFunction<AttentionShares>
{
    private const string Settings = "settings";

    public override string Name => nameof(AttentionShares);

    /// <summary>Computes the shares.</summary>
    /// <param name="scores">[..., queries, keys], contiguous: products of queries and keys.</param>
    /// <param name="view">Which keys are seen.</param>
    /// <param name="queries">How many queries follow each other: they repeat where heads are grouped.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mask">What is dropped; null: nothing.</param>
    /// <returns>[..., queries, keys].</returns>
    public static Tensor Of(Tensor scores, AttentionView view, int queries, double scale, DropoutMask? mask)
    {
        using var scope = NewDisposeScope();
        return apply(scores, new Arguments(view, queries, (float)scale, mask)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (scores, arguments) = ((Tensor)vars[0], (Arguments)vars[1]);
        var (shares, dropped) = SharesKernel.Normalise(
            scores, arguments.View, arguments.Queries, arguments.Scale, arguments.Mask);
        ctx.save_data(Settings, arguments);
        ctx.save_for_backward([shares]);
        return dropped;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var arguments = (Arguments)ctx.get_data(Settings);
            var ofScores = SharesKernel.Gradient(
                ctx.get_saved_variables()[0], grad_output.contiguous(), arguments.Scale, arguments.Mask);
            return ReturnedGradients.Keep([ofScores.DetachFromDisposeScope(), null]);
        }
    }

    private sealed record Arguments(AttentionView View, int Queries, float Scale, DropoutMask? Mask);
}
