using System.Runtime.Intrinsics;
using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Kernels that go over rows, against libtorch's operators.</summary>
public sealed class RowKernelTests
{
    public RowKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-200, 0)]
    [InlineData(-87, 1)]
    [InlineData(-20, 1)]
    [InlineData(-0.4f, 1)]
    [InlineData(0, 1)]
    [InlineData(0.35f, 1)]
    [InlineData(60, 1)]
    public void The_exponential_is_within_two_units_in_the_last_place(float start, int count)
    {
        for (var i = 0; i < 1 + (count * 5_000); i++)
        {
            var value = start + (i * 1e-4f);
            var (expected, actual) = (Math.Exp(value), Exponential.Of(Vector256.Create(value))[i % 8]);
            Assert.Equal(expected, actual, (2.4e-7 * expected) + float.Epsilon);
            Assert.Equal(actual, Exponential.Of(Vector512.Create(value))[i % 16]);
        }
    }

    [Fact]
    public void The_power_of_two_is_near_enough_for_bfloat16()
    {
        Assert.SkipUnless(WideTile.IsSupported, "This processor has no AVX-512.");
        for (var value = -126f; value < 2; value += 0.01f)
            Assert.Equal(1, Exponential.CoarseOfTwo(Vector512.Create(value))[3] / Math.Pow(2, value), 4e-6);
        var ends = Exponential.CoarseOfTwo(Vector512.Create(float.NegativeInfinity).WithElement(1, float.NaN).WithElement(2, -1e30f));
        Assert.Equal(0, ends[0]);
        Assert.True(float.IsNaN(ends[1]));
        Assert.Equal(0, ends[2]);
    }

    [Fact]
    public void The_exponential_of_what_is_no_number_is_none()
    {
        var values = Exponential.Of(Vector256.Create(float.NaN, float.PositiveInfinity, 1000, 0, 0, 0, 0, 0));
        Assert.True(float.IsNaN(values[0]));
        Assert.True(values[1] > 1e38f && values[2] > 1e38f);
    }

    [Theory]
    [InlineData(1, 8, 0, torch.ScalarType.Float32, 1e-6)]
    [InlineData(300, 72, 1, torch.ScalarType.Float32, 1e-6)]
    [InlineData(5, 2048, 0, torch.ScalarType.BFloat16, 0.008)]
    public void A_norm_is_that_of_the_operators(int rows, int width, float addend, torch.ScalarType type, double tolerance)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(5);
        var (input, weight) = (Random(generator, type, rows, width), Random(generator, type, width));
        Assert.True(RmsNormKernel.Takes(input, weight));
        var (precise, factors) = (input.to(torch.ScalarType.Float64), weight.to(torch.ScalarType.Float64) + addend);
        var expected = precise / (precise.square().mean([1], keepdim: true) + 1e-5).sqrt() * factors;
        Equal(expected, RmsNormKernel.Normalise(input, weight, 1e-5f, addend), tolerance);
    }

    [Theory]
    [InlineData(1, 16, true, torch.ScalarType.Float32, 4e-6)]
    [InlineData(200, 384, false, torch.ScalarType.Float32, 4e-6)]
    [InlineData(5, 2048, true, torch.ScalarType.BFloat16, 0.008)]
    public void A_layer_norm_is_that_of_the_operators(int rows, int width, bool hasBias, torch.ScalarType type, double tolerance)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(5);
        var (input, weight) = (Random(generator, type, rows, width).add_(5), Random(generator, type, width));
        var (addend, bias) = (Random(generator, type, rows, width), hasBias ? Random(generator, type, width) : null);
        Assert.True(LayerNormKernel.Takes(input, weight, bias));
        Equal(Expected(input.to(torch.ScalarType.Float64)), Actual(null), tolerance);
        Equal(Expected(input.to(torch.ScalarType.Float64) + addend), Actual(addend), tolerance * 2);
        Assert.False(LayerNormKernel.Takes(input.narrow(1, 0, width - 1), weight, bias));

        torch.Tensor Expected(torch.Tensor precise)
        {
            var normed = torch.nn.functional.layer_norm(precise, [width], eps: 1e-5) * weight;
            return bias is null ? normed : normed + bias;
        }

        torch.Tensor Actual(torch.Tensor? added) => LayerNormKernel.Normalise(input, added, weight, bias, 1e-5f);
    }

    [Theory]
    [InlineData(1, 1, 16, 16, torch.ScalarType.Float32, 1e-6)]
    [InlineData(70, 3, 64, 32, torch.ScalarType.Float32, 1e-6)]
    [InlineData(9, 2, 64, 64, torch.ScalarType.BFloat16, 0.008)]
    public void Heads_are_turned_by_their_angles(int tokens, int heads, int size, int dimension, torch.ScalarType type, double tolerance)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(6);
        var input = Random(generator, type, tokens, heads, size);
        var angles = torch.rand([tokens, 1, dimension / 2], generator: generator).mul_(6);
        var (cos, sin) = (angles.cos(), angles.sin());
        Assert.True(RotaryKernel.Takes(input, cos));
        var precise = input.to(torch.ScalarType.Float32);
        var (first, second) = (precise.narrow(2, 0, dimension / 2), precise.narrow(2, dimension / 2, dimension / 2));
        var expected = torch.cat(
            [(first * cos) - (second * sin), (second * cos) + (first * sin), precise.narrow(2, dimension, size - dimension)], 2);
        RotaryKernel.Rotate(input, cos, sin);
        Equal(expected, input, tolerance);
    }

    [Theory]
    [InlineData(false, torch.ScalarType.Float32, 2e-6)]
    [InlineData(true, torch.ScalarType.Float32, 2e-6)]
    [InlineData(false, torch.ScalarType.BFloat16, 0.008)]
    public void A_gate_is_activated_and_multiplied(bool isGelu, torch.ScalarType type, double tolerance)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(7);
        var (gate, up) = (Random(generator, type, 37, 48).mul_(4), Random(generator, type, 37, 48));
        gate[0, 0] = -1000;
        gate[0, 1] = 1000;
        Assert.True(GateKernel.Takes(gate, up));
        var precise = gate.to(torch.ScalarType.Float32);
        var activated = isGelu ? precise.gelu(TorchSharp.Modules.GELU.Approximate.tanh) : torch.nn.functional.silu(precise);
        var expected = activated * up.to(torch.ScalarType.Float32);
        GateKernel.Multiply(gate, up, isGelu);
        Equal(expected, gate, tolerance);
    }

    [Fact]
    public void What_kernels_do_not_compute_is_left_to_the_operators()
    {
        using var scope = torch.NewDisposeScope();
        var (input, weight) = (torch.randn(4, 8), torch.randn(8));
        Assert.False(RmsNormKernel.Takes(input, weight)); // gradients may be wanted
        using var mode = torch.inference_mode();
        Assert.True(RmsNormKernel.Takes(input, weight));
        Assert.False(RmsNormKernel.Takes(torch.randn(8, 4).t(), weight));
        Assert.False(RmsNormKernel.Takes(torch.randn(2, 9), torch.randn(9)));
        Assert.False(GateKernel.Takes(input, input.to(torch.ScalarType.BFloat16)));
    }

    internal static torch.Tensor Random(torch.Generator generator, torch.ScalarType type, params long[] shape) =>
        torch.randn(shape, generator: generator).to(type);

    /// <summary>Differences in shares of the larger of an element and 1.</summary>
    internal static void Equal(torch.Tensor expected, torch.Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var precise = expected.to(torch.ScalarType.Float64);
        var errors = (actual.to(torch.ScalarType.Float64) - precise).abs() / precise.abs().clamp_min(1);
        Assert.InRange(errors.max().item<double>(), 0, tolerance);
    }
}
