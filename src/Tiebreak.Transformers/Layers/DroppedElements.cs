using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>What dropout leaves of a tensor. Nothing is kept: the backward pass computes the factors again.</summary>
internal sealed class DroppedElements : autograd.SingleTensorFunction<DroppedElements>
{
    private const string Mask = "mask";

    public override string Name => nameof(DroppedElements);

    /// <summary>Multiplies by the factors; gradients pass.</summary>
    public static Tensor Of(Tensor input, DropoutMask mask)
    {
        if (!is_grad_enabled() || !input.requires_grad)
            return DropoutKernel.Apply(input, mask);

        using var scope = NewDisposeScope();
        return apply(input, mask).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, mask) = ((Tensor)vars[0], (DropoutMask)vars[1]);
        ctx.save_data(Mask, mask);
        return DropoutKernel.Apply(input, mask);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var ofInput = DropoutKernel.Apply(grad_output.contiguous(), (DropoutMask)ctx.get_data(Mask)).DetachFromDisposeScope();
            return ReturnedGradients.Keep([ofInput, null]);
        }
    }
}
