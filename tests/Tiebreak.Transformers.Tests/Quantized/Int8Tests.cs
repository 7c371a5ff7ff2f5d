using Tiebreak.Testing;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Tests.Export;
using Tiebreak.Transformers.Tests.Reference;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>int8 against formulas in float64: the stored format, and products of rounded activations.</summary>
public sealed class Int8Tests
{
    [Fact]
    public async Task A_stored_weight_is_its_number_times_the_largest_of_its_row_over_127()
    {
        using var folder = new TemporaryFolder();
        ModelQuantizerTests.WriteWide(folder);
        _ = await ModelQuantizer.RunAsync(folder.Path, folder["packed"], new QuantizationOptions { Format = QuantizationFormat.Int8 }, []);
        using var checkpoint = Checkpoint.Open(folder["packed"]);
        using var plain = Checkpoint.Open(folder.Path);
        using var files = ModelFiles.Open(folder["packed"], adapter: null);
        foreach (var name in checkpoint.Entries.Where(entry => entry.Type is DType.Int8).Select(entry => entry.Name[..^".weight".Length]))
        {
            using var scope = NewDisposeScope();
            var (numbers, largest) = (checkpoint.View($"{name}.weight"), checkpoint.View($"{name}.SCB").data<float>().ToArray());
            var (rows, columns) = ((int)numbers.shape[0], (int)numbers.shape[1]);
            var values = numbers.data<sbyte>().ToArray().Chunk(columns)
                .Select((row, i) => row.Select(number => number * (double)largest[i] / 127).ToArray()).ToArray();
            using var linear = files.Weights(DType.Float32, CPU).Linear(name, columns, rows, hasBias: false);
            Near.Equal(values, linear.Weight(ScalarType.Float32), 3e-7);
            Assert.True(allclose(plain.View($"{name}.weight").abs().amax([1]), tensor(largest), 1e-6, 0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_product_of_rounded_numbers_is_exact(int tokens)
    {
        const int inputs = 40, outputs = 24;
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var (weight, bias, input) = (
            randn([outputs, inputs], generator: generator),
            randn([outputs], generator: generator),
            randn([tokens, inputs], generator: generator));
        input[0, 3] = 25; // an outlier takes the steps of its token only
        if (tokens > 1)
            input[1].zero_();
        using var linear = new Int8Linear(new DenseLinear(weight.clone().DetachFromDisposeScope(), bias.clone().DetachFromDisposeScope()));

        var (w, x, b) = (Rows(weight), Rows(input), Rows(bias.unsqueeze(0))[0]);
        var expected = Formulas.Linear([.. x.Select(Rounded)], [.. w.Select(Rounded)], b);
        Near.Equal(expected, linear.Forward(input), 1e-6);
        Assert.Equal([2, tokens, outputs], linear.Forward(stack([input, input])).shape);
    }

    // float32 decides which step is the nearest, as in the program.
    private static double[] Rounded(double[] row)
    {
        var step = (float)row.Max(Math.Abs) / 127;
        return step == 0 ? row : [.. row.Select(value => Math.Round((float)value / step, MidpointRounding.ToEven) * (double)step)];
    }

    private static double[][] Rows(Tensor matrix) =>
        [.. matrix.to(ScalarType.Float64).data<double>().ToArray().Chunk((int)matrix.shape[1])];
}
