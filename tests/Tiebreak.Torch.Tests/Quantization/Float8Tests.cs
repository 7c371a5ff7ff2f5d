using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Quantization;

public sealed class Float8Tests
{
    [Fact]
    public void Codes_have_the_values_of_the_format()
    {
        TorchRuntime.Start();
        using var scope = torch.NewDisposeScope();
        var values = Float8.Decode(torch.arange(256, torch.ScalarType.Int32).to(torch.ScalarType.Byte)).data<float>().ToArray();

        // From arXiv 2209.05433, table 1: the largest, the smallest normal and the smallest subnormal number.
        Assert.Equal((448f, 1f / 64, 1f / 512), (values[0b0_1111_110], values[0b0_0001_000], values[0b0_0000_001]));
        Assert.Equal((1f, -1.5f, 0f), (values[0b0_0111_000], values[0b1_0111_100], values[0]));
        Assert.Equal([127, 255], Enumerable.Range(0, 256).Where(code => float.IsNaN(values[code])));
        Assert.Equal(values[1..127].Order(), values[1..127]);
        Assert.Equal(values[1..127].Select(value => -value), values[129..255]);
    }
}
