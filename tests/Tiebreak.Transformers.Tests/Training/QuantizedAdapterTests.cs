using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>
/// Gradients of adapters over quantised layers (QLoRA, https://arxiv.org/abs/2305.14314), plain and with row lengths (DoRA), are those of
/// the formula in float64 with the weight that the bits stand for.
/// </summary>
public sealed class QuantizedAdapterTests
{
    private const int Inputs = 64;
    private const int Outputs = 32;
    private const int Rank = 4;
    private const double Scaling = 0.7;

    public QuantizedAdapterTests() => TorchRuntime.Start();

    [Theory]
    [InlineData("nf4", false)]
    [InlineData("nf4", true)]
    [InlineData("int8", false)]
    [InlineData("int8", true)]
    public void Gradients_are_those_of_the_formula_in_float64(string format, bool isDora)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(21);
        var weight = randn([Outputs, Inputs], generator: generator);
        var (a, b) = (Learning(randn([Rank, Inputs], generator: generator)), Learning(randn([Outputs, Rank], generator: generator)));
        var magnitude = isDora ? Learning(randn([Outputs], generator: generator).abs().add(0.5)) : null;
        var bias = randn([Outputs], generator: generator);
        var (input, outer) = (randn([6, Inputs], generator: generator), randn([6, Outputs], generator: generator));
        var stored = format is "nf4" ? Nf4.Quantize(weight) : (QuantizedWeight)Int8Weight.Quantize(weight);

        var dense = stored.Dequantize(ScalarType.Float32).to(ScalarType.Float64);
        var (inputD, aD, bD) = (Twin(input), Twin(a), Twin(b));
        var magnitudeD = magnitude is null ? null : Twin(magnitude);
        var low = inputD.matmul(aD.t()).matmul(bD.t()) * Scaling;
        var plain = inputD.matmul(dense.t());
        var sum = magnitudeD is null ? plain + low : (plain + low) * (magnitudeD / (dense + (bD.matmul(aD) * Scaling)).detach().norm(1));
        var expected = sum + bias.to(ScalarType.Float64);
        (expected * outer.to(ScalarType.Float64)).sum().backward();

        var learningInput = input.clone().requires_grad_();
        using var layer = new LoraLinear(
            new QuantizedLinear(stored, bias.DetachFromDisposeScope()), a.DetachFromDisposeScope(), b.DetachFromDisposeScope(), bias: null,
            Scaling, magnitude?.DetachFromDisposeScope(), Dropout.None);
        var output = layer.Forward(learningInput);
        (output * outer).sum().backward();

        Near(expected, output);
        Near(inputD.grad!, learningInput.grad!);
        Near(aD.grad!, a.grad!);
        Near(bD.grad!, b.grad!);
        if (magnitude is not null)
            Near(magnitudeD!.grad!, magnitude.grad!);
    }

    private static Tensor Learning(Tensor tensor) => tensor.detach().requires_grad_();

    private static Tensor Twin(Tensor tensor) => tensor.detach().to(ScalarType.Float64).requires_grad_();

    // Float32 against float64: a part in a million of the largest number, for sums of up to 64 products.
    private static void Near(Tensor expected, Tensor actual)
    {
        var difference = (actual.to(ScalarType.Float64) - expected).abs().max().item<double>();
        Assert.InRange(difference, 0, 1e-5 * expected.abs().max().item<double>());
    }
}
