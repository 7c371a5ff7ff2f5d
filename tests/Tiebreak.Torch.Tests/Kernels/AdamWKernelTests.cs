using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>The optimiser's kernel against its definition in float64.</summary>
public sealed class AdamWKernelTests
{
    public AdamWKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, torch.ScalarType.Float32)]
    [InlineData(16, torch.ScalarType.BFloat16)]
    [InlineData(100_003, torch.ScalarType.Float32)]
    [InlineData(100_003, torch.ScalarType.BFloat16)]
    public void A_step_is_that_of_the_definition(int count, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(5);
        var master = torch.randn(count, generator: generator);
        var parameter = master.to(type, copy: true);
        var gradient = torch.randn(count, generator: generator);
        var mean = torch.randn(count, generator: generator).mul_(0.1);
        var square = torch.rand(count, generator: generator);
        var step = new AdamWStep(
            GradientScale: 0.5f, MeanDecay: 0.9f, MeanShare: 0.1f, SquareDecay: 0.99f, SquareShare: 0.01f, RootOfSquare: 0.3f,
            Epsilon: 1e-3f, Keeps: 0.98f, Rate: 0.02f);

        var slope = gradient.@double() * 0.5;
        var (first, second) = ((mean.@double() * 0.9) + (slope * 0.1), (square.@double() * 0.99) + (slope * slope * 0.01));
        var expected = (master.@double() * 0.98) - (first / ((second.sqrt() / 0.3) + 1e-3) * 0.02);

        var isFloat32 = type is torch.ScalarType.Float32;
        AdamWKernel.Step(parameter, isFloat32 ? null : master, gradient, mean, square, step);
        Near(first, mean);
        Near(second, square);
        Near(expected, isFloat32 ? parameter : master);
        if (!isFloat32)
            Assert.True(parameter.eq(master.to(type)).all().item<bool>());
        Assert.Equal(0, gradient.count_nonzero().item<long>());
    }

    [Theory]
    [InlineData(5, torch.ScalarType.Float32)]
    [InlineData(70_001, torch.ScalarType.BFloat16)]
    public void Gradients_add_up_in_float32(int count, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(6);
        var (sum, gradient) = (torch.randn(count, generator: generator), torch.randn(count, generator: generator).to(type));
        var expected = sum + gradient.@float();
        AdamWKernel.Accumulate(sum, gradient);
        Assert.True(sum.eq(expected).all().item<bool>());
        Assert.Equal(0, gradient.count_nonzero().item<long>());
    }

    private static void Near(torch.Tensor expected, torch.Tensor actual) =>
        Assert.InRange((expected - actual.@double()).abs().max().item<double>(), 0, 2e-6 * expected.abs().max().item<double>());
}
