using Tiebreak.Torch;
using Tiebreak.Torch.Kernels;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Training;

/// <summary>The linear layer that learns by a kernel has the values and gradients of its formula.</summary>
public sealed class FloatLinearTests
{
    public FloatLinearTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(5, 8, 3, true, true)]
    [InlineData(70, 516, 130, true, false)]
    [InlineData(33, 24, 40, false, true)]
    public void Values_and_gradients_are_those_of_the_formula(int rows, int inputs, int outputs, bool inputLearns, bool weightLearns)
    {
        Assert.SkipUnless(WideTile.IsSupported, "This processor has no AVX-512; libtorch multiplies.");
        using var gradients = set_grad_enabled(true);
        using var scope = NewDisposeScope();
        using var generator = new Generator(21);
        var (input, weight, bias, outer) = (
            randn([2, rows, inputs], generator: generator), randn([outputs, inputs], generator: generator),
            randn([outputs], generator: generator), randn([2, rows, outputs], generator: generator));
        var expected = Learning(ScalarType.Float64);
        var actual = Learning(ScalarType.Float32);
        Assert.True(FloatLinear.Takes(actual.Input, actual.Weight, actual.Bias));
        var wanted = nn.functional.linear(expected.Input, expected.Weight, expected.Bias);
        var output = FloatLinear.Of(actual.Input, actual.Weight, actual.Bias);
        (wanted * outer.to(ScalarType.Float64)).sum().backward();
        (output * outer).sum().backward();
        Near(wanted, output);
        (Tensor, Tensor)[] pairs = [(expected.Input, actual.Input), (expected.Weight, actual.Weight), (expected.Bias, actual.Bias)];
        foreach (var (mine, other) in pairs)
        {
            Assert.Equal(mine.requires_grad, other.grad is not null);
            if (mine.requires_grad)
                Near(mine.grad!, other.grad!);
        }

        (Tensor Input, Tensor Weight, Tensor Bias) Learning(ScalarType type) => (
            input.to(type, copy: true).requires_grad_(inputLearns), weight.to(type, copy: true).requires_grad_(weightLearns),
            bias.to(type, copy: true).requires_grad_(weightLearns));

        static void Near(Tensor expected, Tensor actual) =>
            Assert.True(expected.to(ScalarType.Float32).allclose(actual, rtol: 1e-4, atol: 1e-3));
    }

    [Fact]
    public void Without_a_gradient_it_is_not_asked()
    {
        using var scope = NewDisposeScope();
        using (set_grad_enabled(true))
            Assert.False(FloatLinear.Takes(ones(2, 4), ones(3, 4), bias: null));
        using var mode = no_grad();
        Assert.False(FloatLinear.Takes(ones(2, 4).requires_grad_(), ones(3, 4), bias: null));
    }
}
