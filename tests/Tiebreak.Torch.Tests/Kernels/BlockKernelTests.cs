using System.Runtime.Intrinsics;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Layers on blocks of rows against libtorch's operators.</summary>
public sealed class BlockKernelTests : IDisposable
{
    private readonly torch.Generator _generator;

    public BlockKernelTests()
    {
        TorchRuntime.Start();
        Assert.SkipUnless(Int8BlockWeight.IsSupported, "The kernel needs products of bfloat16 and int8.");
        _generator = new torch.Generator(3);
    }

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(37, 48, 80)] // panels of 64 and 16 outputs, rows that fill no block
    [InlineData(300, 384, 176)] // several blocks, a panel of 48
    [InlineData(64, 1536, 64)]
    public void A_product_is_that_of_the_operators(int rows, int inputs, int outputs)
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var (input, weight, bias) = (Random(rows, inputs), Random(outputs, inputs), Random(outputs));
        using var laid = new BFloat16BlockWeight(weight, bias);
        using var plain = new BFloat16BlockWeight(weight, bias: null);
        using var int8 = Int8Weight.Quantize(weight);
        using var laidInt8 = new Int8BlockWeight(int8, bias);
        Assert.True(AreSame(weight, laid.Weight()));
        Assert.True(AreSame(int8.Dequantize(torch.ScalarType.Float32), laidInt8.Dequantize()));

        var expected = torch.nn.functional.linear(input.@float(), weight.@float(), bias.@float());
        var results = BlockKernel.Multiply(input, laid, plain);
        Near(expected, results[0]);
        Near(expected - bias.@float(), results[1]);

        // Products of int8 are exact.
        var steps = input.@float().abs().amax([1], keepdim: true).div_(127);
        var whole = torch.nn.functional.linear(
            input.@float().div(steps).round_().to(torch.ScalarType.Float64), int8.Values.to(torch.ScalarType.Float64));
        var inSteps = whole.to(torch.ScalarType.Float32).mul_(steps).mul_(int8.Scales).add_(bias.@float()).to(torch.ScalarType.BFloat16);
        Assert.True(AreSame(inSteps, BlockKernel.Multiply(input, laidInt8)[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_follows_attention_is_that_of_the_operators(bool isInt8)
    {
        const int Rows = 150, Hidden = 48, Inner = 208;
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var (first, inner, last) = (Random(Hidden, Hidden), Random(Inner, Hidden), Random(Hidden, Inner));
        var (firstBias, innerBias, lastBias) = (Random(Hidden), Random(Inner), Random(Hidden));
        var (factors, addends) = (Random(Hidden), Random(Hidden));
        var (mixed, added) = (Random(Rows, Hidden), Random(Rows, Hidden));
        using var laidFirst = Laid(first, firstBias);
        using var laidInner = Laid(inner, innerBias);
        using var laidLast = Laid(last, lastBias);
        var layer = new BlockLayer(
            laidFirst, new BlockNorm(factors, addends, 1e-5f), laidInner, laidLast, new BlockNorm(addends, Bias: null, 1e-5f));

        var middle = torch.nn.functional.layer_norm(
            Linear(mixed, first, firstBias) + added.@float(), [Hidden], factors.@float(), addends.@float(), 1e-5);
        var fed = Linear(Linear(middle, inner, innerBias).gelu(), last, lastBias);
        var expected = torch.nn.functional.layer_norm(fed + middle, [Hidden], addends.@float(), eps: 1e-5);
        var actual = BlockKernel.Finish<CoarseGelu>(mixed, added, layer);
        Assert.InRange((expected - actual.@float()).norm().item<float>() / expected.norm().item<float>(), 0, isInt8 ? 0.03 : 0.01);

        // A row has the same bits among others, alone, and on one thread.
        var some = BlockKernel.Finish<CoarseGelu>(mixed.narrow(0, 77, 3), added.narrow(0, 77, 3), layer);
        Assert.True(AreSame(actual.narrow(0, 77, 3), some));
        SingleThreaded.Run(1, _ => Assert.True(AreSame(actual, BlockKernel.Finish<CoarseGelu>(mixed, added, layer))));

        BlockWeight Laid(torch.Tensor weight, torch.Tensor bias)
        {
            if (!isInt8)
                return new BFloat16BlockWeight(weight, bias);
            using var rounded = Int8Weight.Quantize(weight);
            return new Int8BlockWeight(rounded, bias);
        }

        static torch.Tensor Linear(torch.Tensor input, torch.Tensor weight, torch.Tensor bias) =>
            torch.nn.functional.linear(input.@float(), weight.@float(), bias.@float());
    }

    [Fact]
    public void Gelu_is_near_enough_for_bfloat16()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.arange(-12, 12, 0.0007, torch.ScalarType.Float64);
        var expected = values.gelu().data<double>().ToArray();
        var inputs = values.data<double>().ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            var actual = CoarseGelu.Of(Vector512.Create((float)inputs[i]))[i % 16];
            Assert.Equal(expected[i], actual, Math.Abs(inputs[i]) * 1e-5);
        }

        Assert.True(float.IsNaN(CoarseGelu.Of(Vector512.Create(float.NaN))[7]));
    }

    [Fact]
    public void What_is_no_number_spoils_its_row_only()
    {
        using var mode = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var input = Random(40, 32);
        input[3, 5] = float.NaN;
        var weight = Random(64, 32);
        using var laid = new BFloat16BlockWeight(weight, bias: null);
        using var rounded = Int8Weight.Quantize(weight);
        using var laidInt8 = new Int8BlockWeight(rounded, bias: null);
        foreach (var output in new[] { BlockKernel.Multiply(input, laid)[0], BlockKernel.Multiply(input, laidInt8)[0] })
        {
            Assert.True(output[3].isnan().all().item<bool>());
            Assert.Equal(64, output.isnan().sum().item<long>());
        }
    }

    [Fact]
    public void Weights_without_whole_vectors_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        Assert.False(BlockWeight.Fits(24, 16));
        _ = Assert.Throws<ArgumentException>(() => new BFloat16BlockWeight(Random(16, 24), bias: null));
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private static bool AreSame(torch.Tensor one, torch.Tensor other) => one.eq(other).all().item<bool>();

    // Within two roundings of the result, and of what sums of many products lose.
    private static void Near(torch.Tensor expected, torch.Tensor actual)
    {
        var bound = expected.abs().mul(0.008).add(0.001 * expected.abs().amax());
        Assert.True((expected - actual.@float()).abs().le(bound).all().item<bool>());
    }

    private torch.Tensor Random(params long[] shape) => torch.randn(shape, generator: _generator).to(torch.ScalarType.BFloat16);
}
