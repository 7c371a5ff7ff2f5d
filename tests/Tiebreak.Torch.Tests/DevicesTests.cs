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
    public void What_is_no_device_is_refused(string text) => Assert.Throws<InputException>(() => Devices.Parse(text));
}
