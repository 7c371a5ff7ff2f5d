using System.Runtime.Intrinsics.X86;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Quantization;

/// <summary>Kernels around and for products of int8 against libtorch's operators, which give the same bits.</summary>
public sealed class Int8ProductTests
{
    private SeededRandom _random = new(11);

    public Int8ProductTests()
    {
        TorchRuntime.Start();
        Assert.SkipUnless(Avx2.IsSupported, "The kernels need AVX2.");
    }

    [Theory]
    [InlineData(1, 16, 16, torch.ScalarType.Float32)]
    [InlineData(6, 41, 24, torch.ScalarType.Float32)] // an odd number of inputs, a panel that is not full
    [InlineData(3, 8, 5, torch.ScalarType.BFloat16)]
    [InlineData(141, 96, 48, torch.ScalarType.BFloat16)] // more than one chunk of rows
    [InlineData(70, 8200, 8, torch.ScalarType.Float32)] // likewise, because they are wide
    [InlineData(300, 64, 33, torch.ScalarType.Float32)]
    public void Panels_and_rows_give_what_operators_give(int rows, int inputs, int outputs, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var (input, bias) = (Random(rows, inputs).to(type), Random(1, outputs).squeeze(0));
        input[rows / 2, 1] = 30; // an outlier
        if (rows > 1)
            input[0].zero_();
        using var weight = Int8Weight.Quantize(Random(outputs, inputs));

        var steps = input.abs().amax([1], keepdim: true).to(torch.ScalarType.Float32).div_(127).clamp_min_(float.Epsilon);
        var rounded = input.div(steps).round_().to(torch.ScalarType.Int8);
        var product = TensorOperators.IntMatMul(rounded, weight.Values.t());
        var expected = product.to(torch.ScalarType.Float32).mul_(steps).mul_(weight.Scales).add_(bias).to(type);

        using var panels = new Int8Panels(weight, bias);
        Same(expected, panels.Multiply(input));
        Same(weight.Dequantize(torch.ScalarType.Float32), panels.Dequantize());
        if (!Int8Packed.AreFastest)
            return; // the processor has no products of int8

        using var wholes = Int8Rows.Round(input);
        Same(rounded.to(torch.ScalarType.Int32) + 128, wholes.Values(0, rows).to(torch.ScalarType.Int32));
        using var packed = new Int8Packed(weight, bias);
        Same(expected, packed.Multiply(wholes, type));
        Same(weight.Dequantize(torch.ScalarType.Float32), packed.Dequantize());
    }

    [Fact]
    public void What_is_no_number_spoils_its_row_only()
    {
        using var scope = torch.NewDisposeScope();
        using var weight = Int8Weight.Quantize(Random(20, 30));
        using var panels = new Int8Panels(weight, bias: null);
        var input = Random(3, 30);
        var expected = panels.Multiply(input);
        input[1, 29] = float.NaN;
        input[2, 0] = float.PositiveInfinity;
        var actual = panels.Multiply(input);
        Same(expected[0], actual[0]);
        Assert.True(actual[1].isnan().all().item<bool>());
        Assert.False(actual[2].isfinite().any().item<bool>());
    }

    [Fact]
    public void Threads_change_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var weight = Int8Weight.Quantize(Random(40, 64));
        using var panels = new Int8Panels(weight, bias: null);
        var input = Random(50, 64);
        var before = torch.get_num_threads();
        TorchRuntime.Start(1);
        var expected = panels.Multiply(input);
        TorchRuntime.Start(3);
        Same(expected, panels.Multiply(input));
        Same(expected.narrow(0, 7, 5), panels.Multiply(input.narrow(0, 7, 5)));
        TorchRuntime.Start(before);
    }

    [Fact]
    public void Neighbours_threads_and_what_is_no_number_change_no_other_row_of_a_packed_weight()
    {
        Assert.SkipUnless(Int8Packed.AreFastest, "The processor has no products of int8.");
        using var scope = torch.NewDisposeScope();
        using var weight = Int8Weight.Quantize(Random(40, 64));
        using var packed = new Int8Packed(weight, bias: null);
        var input = Random(700, 64);
        var before = torch.get_num_threads();
        TorchRuntime.Start(1);
        var expected = Multiply(input);
        TorchRuntime.Start(3);
        Same(expected, Multiply(input));
        Same(expected.narrow(0, 130, 300), Multiply(input.narrow(0, 130, 300)));
        input[131, 63] = float.NaN;
        var actual = Multiply(input);
        TorchRuntime.Start(before);
        Assert.True(actual[131].isnan().all().item<bool>());
        Same(expected.narrow(0, 0, 131), actual.narrow(0, 0, 131));
        Same(expected.narrow(0, 132, 568), actual.narrow(0, 132, 568));

        torch.Tensor Multiply(torch.Tensor rows)
        {
            using var rounded = Int8Rows.Round(rows);
            return packed.Multiply(rounded, torch.ScalarType.Float32);
        }
    }

    private static void Same(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.True(expected.Equals(actual), $"{(expected - actual).abs().max().to(torch.ScalarType.Float32).item<float>()}");
    }

    private torch.Tensor Random(int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((2 * _random.NextDouble()) - 1);
        return torch.tensor(values, [rows, columns]);
    }
}
