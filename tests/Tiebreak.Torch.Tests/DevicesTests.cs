using Tiebreak.Core;
using TorchSharp;

namespace Tiebreak.Torch.Tests;

public sealed class DevicesTests
{
    [Fact]
    public void The_cpu_is_there() => Assert.Equal(DeviceType.CPU, Assert.Single(Devices.Parse("cpu")).type);

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:99999999999")]
    [InlineData("cpu,cpu")]
    [InlineData("cuda:63")]
    [InlineData("cpu,cuda:0")]
    [InlineData("cuda,cuda:0")]
    public void What_is_no_device_is_refused(string text) => Assert.Throws<InputException>(() => Devices.Parse(text));

    [Fact]
    public void Gpus_are_read_whether_they_are_there_or_not()
    {
        Assert.Empty(Devices.Gpus("cpu"));
        Assert.Equal([0], Devices.Gpus("cuda"));
        Assert.Equal([3, 1], Devices.Gpus("cuda:3, cuda:1"));
    }
}
