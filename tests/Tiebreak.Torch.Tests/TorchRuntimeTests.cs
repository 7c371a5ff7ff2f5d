using TorchSharp;

namespace Tiebreak.Torch.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Torch_starts_and_computes()
    {
        var state = TorchRuntime.Start();
        using var scope = torch.NewDisposeScope();

        Assert.Equal(LibTorchExpected, state.Version);
        Assert.Equal(14f, torch.tensor([1f, 2f, 3f]).square().sum().item<float>());
    }

    private static Version LibTorchExpected => new(2, 10);
}
