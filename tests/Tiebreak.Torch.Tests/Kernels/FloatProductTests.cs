using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Linear layers in float32 on AVX-512 against their definition.</summary>
public sealed class FloatProductTests
{
    public FloatProductTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(3, 12, 31)]
    [InlineData(8, 64, 32)]
    [InlineData(9, 516, 33)] // more inputs than a block
    [InlineData(50, 1500, 100)]
    [InlineData(37, 512, 300)] // several pieces of work
    public void Rows_are_multiplied_and_the_bias_is_added(int rows, int inputs, int outputs)
    {
        Assert.SkipUnless(WideTile.IsSupported, "This processor has no AVX-512; libtorch multiplies.");
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(12);
        var (input, weight) = (Random(generator, rows, inputs), Random(generator, outputs, inputs));
        foreach (var bias in new[] { null, Random(generator, outputs) })
        {
            Assert.True(FloatProduct.Takes(input, weight, bias));
            var expected = input.to(torch.ScalarType.Float64).matmul(weight.to(torch.ScalarType.Float64).t());
            if (bias is not null)
                expected = expected.add(bias);
            RowKernelTests.Equal(expected, FloatProduct.Multiply(input, weight, bias), 2e-6 * Math.Sqrt(inputs));
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(9, 516, 33)]
    [InlineData(50, 1500, 100)]
    [InlineData(37, 300, 512)]
    public void A_matrix_that_is_stored_the_other_way_is_multiplied(int rows, int inner, int columns)
    {
        Assert.SkipUnless(WideTile.IsSupported, "This processor has no AVX-512; libtorch multiplies.");
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(14);
        var (input, matrix) = (Random(generator, rows, inner), Random(generator, inner, columns));
        var expected = input.to(torch.ScalarType.Float64).matmul(matrix.to(torch.ScalarType.Float64));
        RowKernelTests.Equal(expected, FloatProduct.MultiplyMatrix(input, matrix), 2e-6 * Math.Sqrt(inner));
    }

    [Fact]
    public void A_row_has_the_same_bits_alone_in_any_place_and_with_any_number_of_threads()
    {
        Assert.SkipUnless(WideTile.IsSupported, "This processor has no AVX-512; libtorch multiplies.");
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(13);
        var (input, weight, bias) = (Random(generator, 45, 1036), Random(generator, 530, 1036), Random(generator, 530));
        var whole = FloatProduct.Multiply(input, weight, bias);
        Assert.True(FloatProduct.Multiply(input.narrow(0, 17, 1), weight, bias).Equals(whole.narrow(0, 17, 1)));
        Assert.True(FloatProduct.Multiply(input.narrow(0, 3, 40), weight, bias).Equals(whole.narrow(0, 3, 40)));
        var before = torch.get_num_threads();
        foreach (var threads in new[] { 1, 5 })
        {
            torch.set_num_threads(threads);
            try
            {
                Assert.True(FloatProduct.Multiply(input, weight, bias).Equals(whole));
            }
            finally
            {
                torch.set_num_threads(before);
            }
        }
    }

    [Fact]
    public void What_the_kernel_does_not_compute_is_left_to_libtorch()
    {
        using var scope = torch.NewDisposeScope();
        var (input, weight) = (torch.randn(3, 8), torch.randn(5, 8));
        Assert.False(FloatProduct.Takes(input, weight, bias: null)); // gradients may be wanted
        using var mode = torch.inference_mode();
        Assert.Equal(WideTile.IsSupported, FloatProduct.Takes(input, weight, bias: null));
        Assert.False(FloatProduct.Takes(input.to(torch.ScalarType.BFloat16), weight, bias: null));
        Assert.False(FloatProduct.Takes(torch.randn(8, 3).t(), weight, bias: null));
        Assert.False(FloatProduct.Takes(torch.randn(3, 6), torch.randn(5, 6), bias: null));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (input, weight) = (torch.randn(3, 8), torch.randn(5, 8));
        Assert.Throws<ArgumentException>(() => FloatProduct.Multiply(torch.randn(3, 4), weight, bias: null));
        Assert.Throws<ArgumentException>(() => FloatProduct.Multiply(input, weight, torch.randn(4)));
    }

    private static torch.Tensor Random(torch.Generator generator, params long[] shape) => torch.randn(shape, generator: generator);
}
