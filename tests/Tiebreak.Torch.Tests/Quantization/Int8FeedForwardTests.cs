using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using Tiebreak.Torch.Tests.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Quantization;

/// <summary>Feed-forward parts in int8 against the same layers one after the other, with operators between them.</summary>
public sealed class Int8FeedForwardTests
{
    public Int8FeedForwardTests()
    {
        TorchRuntime.Start();
        Assert.SkipUnless(Int8Packed.AreFastest, "The processor has no products of int8.");
    }

    [Theory]
    [InlineData(1, 16, 32, true, torch.ScalarType.Float32)]
    [InlineData(7, 24, 41, true, torch.ScalarType.Float32)] // less than a vector is left
    [InlineData(301, 40, 56, false, torch.ScalarType.Float32)] // more than one block
    [InlineData(130, 33, 19, true, torch.ScalarType.BFloat16)]
    public void It_is_what_its_layers_give(int rows, int hidden, int inner, bool isGated, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(4);
        var input = RowKernelTests.Random(generator, type, rows, hidden);
        using var gate = isGated ? Layer(generator, hidden, inner) : null;
        using var up = Layer(generator, hidden, inner);
        using var down = Layer(generator, inner, hidden);
        using var rounded = Int8Rows.Round(input);

        Equal<Silu>(values => torch.nn.functional.silu(values));
        Equal<Gelu>(values => values.gelu());
        Equal<GeluTanh>(values => values.gelu(TorchSharp.Modules.GELU.Approximate.tanh));

        void Equal<TActivation>(Func<torch.Tensor, torch.Tensor> activation)
            where TActivation : IActivation
        {
            var ofUp = up.Multiply(rounded, torch.ScalarType.Float32);
            var between = gate is null ? activation(ofUp) : activation(gate.Multiply(rounded, torch.ScalarType.Float32)) * ofUp;
            using var betweenRounded = Int8Rows.Round(between);
            var expected = down.Multiply(betweenRounded, type);
            var actual = Int8FeedForward.Compute<TActivation>(rounded, gate, up, down, type);
            Assert.Equal(type, actual.dtype);

            // A number between two steps may be rounded to either.
            var step = between.abs().max().item<float>() / 127 * 0.2;
            RowKernelTests.Equal(expected, actual, step + (type is torch.ScalarType.BFloat16 ? 0.008 : 1e-5));
        }
    }

    [Fact]
    public void Neighbours_and_threads_change_no_bit()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(5);
        var input = RowKernelTests.Random(generator, torch.ScalarType.Float32, 700, 48);
        using var gate = Layer(generator, 48, 64);
        using var up = Layer(generator, 48, 64);
        using var down = Layer(generator, 64, 48);
        var before = torch.get_num_threads();
        TorchRuntime.Start(1);
        var expected = Compute(input);
        TorchRuntime.Start(3);
        Assert.True(expected.Equals(Compute(input)));
        Assert.True(expected.narrow(0, 130, 300).Equals(Compute(input.narrow(0, 130, 300))));
        TorchRuntime.Start(before);

        torch.Tensor Compute(torch.Tensor rows)
        {
            using var rounded = Int8Rows.Round(rows);
            return Int8FeedForward.Compute<Silu>(rounded, gate, up, down, torch.ScalarType.Float32);
        }
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(-4)]
    [InlineData(0)]
    [InlineData(26)]
    public void Gelu_is_that_of_the_error_function(float start)
    {
        using var scope = torch.NewDisposeScope();
        for (var i = 0; i < 1000; i++)
        {
            var value = start + (i * 0.004f);
            var expected = torch.tensor(value, torch.ScalarType.Float64).gelu().item<double>();
            var actual = Gelu.Of(System.Runtime.Intrinsics.Vector512.Create(value))[i % 16];
            Assert.Equal(expected, actual, 4e-7 * Math.Max(1, Math.Abs(value)));
        }
    }

    private static Int8Packed Layer(torch.Generator generator, int inputs, int outputs)
    {
        using var scope = torch.NewDisposeScope();
        var weight = RowKernelTests.Random(generator, torch.ScalarType.Float32, outputs, inputs).mul_(1 / Math.Sqrt(inputs));
        using var rounded = Int8Weight.Quantize(weight);
        return new Int8Packed(rounded, RowKernelTests.Random(generator, torch.ScalarType.Float32, outputs));
    }
}
