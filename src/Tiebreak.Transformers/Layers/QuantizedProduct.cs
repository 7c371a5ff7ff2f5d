using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// x W^T + b with a quantised W that does not learn. An ordinary product keeps the dequantised W until the gradient of x is computed; this
/// one keeps the quantised W, which is in memory anyway, and dequantises it again. Needs an input that has a gradient.
/// </summary>
internal sealed class QuantizedProduct : autograd.SingleTensorFunction<QuantizedProduct>
{
    private const string Weight = "weight";
    private const string BiasLearns = "bias learns";

    public override string Name => nameof(QuantizedProduct);

    /// <summary>Computes the product.</summary>
    /// <param name="input">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <param name="hasValues">False: zeros with the gradients of the product (<see cref="Linear.WithoutValues"/>).</param>
    /// <returns>[..., out].</returns>
    public static Tensor Of(Tensor input, QuantizedWeight weight, Tensor? bias, bool hasValues = true)
    {
        using var scope = NewDisposeScope();
        return apply(input, bias!, weight, hasValues).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, bias, weight) = ((Tensor)vars[0], (Tensor?)vars[1], (QuantizedWeight)vars[2]);
        ctx.set_materialize_grads(false);
        ctx.save_data(Weight, weight);
        ctx.save_data(BiasLearns, bias is { requires_grad: true });
        if (!(bool)vars[3])
            return input.new_zeros([.. input.shape[..^1], weight.Outputs]);
        using var dense = weight.Dequantize(input.dtype);
        return nn.functional.linear(input, dense, bias);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using (grad_output)
        {
            var dense = ((QuantizedWeight)ctx.get_data(Weight)).Dequantize(grad_output.dtype);
            var ofInput = grad_output.matmul(dense).DetachFromDisposeScope();
            var ofBias = (bool)ctx.get_data(BiasLearns)
                ? grad_output.reshape(-1, grad_output.shape[^1]).sum(dim: 0).DetachFromDisposeScope()
                : null;
            return ReturnedGradients.Keep([ofInput, ofBias, null, null]); // one for each argument
        }
    }
}
