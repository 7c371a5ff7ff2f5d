using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Quantization;

/// <summary>
/// What is packed is the nearest that the format can hold, and comes back as that; the searches lose less than plain rounding.
/// </summary>
public sealed class QuantizeTests
{
    public QuantizeTests()
    {
        TorchRuntime.Start();
        torch.manual_seed(1);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(30, 70)]
    public void Nf4_is_the_nearest_of_sixteen_values(int outputs, int inputs)
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(outputs, inputs);
        weight.view(-1).narrow(0, 0, 64).zero_(); // a block of zeros
        using var packed = Nf4.Quantize(weight);
        var (values, actual) = (weight.data<float>().ToArray(), packed.Dequantize(torch.ScalarType.Float32).data<float>().ToArray());
        foreach (var (block, first) in values.Chunk(64).Select((block, i) => (block, i * 64)))
        {
            var largest = block.Max(Math.Abs);
            for (var i = 0; i < block.Length; i++)
            {
                var least = Nf4.Table.Min(value => Math.Abs((value * (double)largest) - block[i]));
                Assert.Equal(least, Math.Abs(actual[first + i] - (double)block[i]), 1e-6);
            }
        }
    }

    [Fact]
    public void Scales_survive_double_quantisation()
    {
        using var scope = torch.NewDisposeScope();
        var scales = torch.rand(1000) + 0.5;
        Assert.Equal(256, DoubleQuantization.Map().Length);
        var change = (DoubleQuantization.Quantize(scales).ToFloat() - scales).abs().max().item<float>();
        // half a step of the uppermost decade, times the largest distance from the mean
        Assert.InRange(change, 0, 0.5 * 0.9 / 64 / 2 * 1.05);
    }

    [Fact]
    public void Int8_is_the_nearest_step()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(9, 50);
        weight[3].zero_();
        using var packed = Int8Weight.Quantize(weight);
        var step = weight.abs().amax([1]) / 127;
        Assert.True(((packed.Dequantize(torch.ScalarType.Float32) - weight).abs() <= step.unsqueeze(1) * 0.501).all().item<bool>());
    }

    [Fact]
    public void Awq_is_the_nearest_step()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(16, 96);
        using var packed = GroupRounding.QuantizeAwq(weight, 32);
        var unpacked = packed.Dequantize(torch.ScalarType.Float32);
        Assert.True(torch.allclose(unpacked, GroupRounding.RoundTrip(weight, 32), 1e-6, 1e-6));
        var groups = weight.view(16, 3, 32);
        var step = (groups.amax([2]) - groups.amin([2])) / 15;

        // Half a step, and the zero is rounded as well.
        Assert.True(((unpacked - weight).abs().view(16, 3, 32) <= step.unsqueeze(2) * 1.02).all().item<bool>());
        Assert.InRange(((unpacked - weight).abs().view(16, 3, 32) / step.unsqueeze(2)).mean().item<float>(), 0.2f, 0.28f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gptq_changes_the_output_less_than_plain_rounding(bool actOrder)
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(48, 160);

        // Inputs that go together, some of them large: what the method is for. One is never active.
        var inputs = torch.randn(400, 40).matmul(torch.randn(40, 160)) * torch.logspace(0, 1, 160) + (torch.randn(400, 160) * 0.1);
        inputs.select(1, 7).zero_();
        var moments = inputs.t().matmul(inputs);
        using var plain = Gptq.Quantize(weight, torch.eye(160), new GptqOptions { GroupSize = 32 });
        using var solved = Gptq.Quantize(weight, moments, new GptqOptions { GroupSize = 32, ActOrder = actOrder });
        Assert.True(Loss(solved) < 0.55 * Loss(plain), $"{Loss(solved)} against {Loss(plain)}");
        Assert.Equal(
            actOrder,
            !solved.GroupOfInput!.eq(torch.arange(160, torch.ScalarType.Int32).div(32, torch.RoundingMode.floor)).all().item<bool>());

        float Loss(QuantizedWeight packed) =>
            inputs.matmul((packed.Dequantize(torch.ScalarType.Float32) - weight).t()).square().sum().item<float>();
    }

    [Fact]
    public void Gptq_without_correlations_is_the_nearest_step()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(16, 64);
        using var packed = Gptq.Quantize(weight, torch.eye(64), new GptqOptions { GroupSize = 32 });
        var step = weight.view(16, 2, 32).abs().amax([2]) * (2.0 / 15);

        // The largest positive number is 8 steps of 7.5 away and clipped to 7.
        var errors = (packed.Dequantize(torch.ScalarType.Float32) - weight).abs().view(16, 2, 32);
        Assert.True((errors <= step.unsqueeze(2) * 0.502).all().item<bool>());
    }

    [Fact]
    public void Awq_scales_change_the_output_less_than_none()
    {
        using var scope = torch.NewDisposeScope();
        var (weight, inputs) = (torch.randn(48, 128), torch.randn(300, 128));
        inputs[torch.TensorIndex.Ellipsis, torch.TensorIndex.Slice(3, null, 16)] *= 20; // a few inputs are much larger than the rest
        var scales = AwqScales.Search([weight], inputs.abs().mean([0]), inputs, 32);
        var (with, without) = (Loss(scales), Loss(torch.ones(128)));
        Assert.True(with < 0.7 * without, $"{with} against {without}");

        float Loss(torch.Tensor factors) =>
            inputs.matmul((GroupRounding.RoundTrip(weight * factors, 32) / factors - weight).t()).square().sum().item<float>();
    }
}
