using System.Runtime.InteropServices;
using Tiebreak.Torch.Memory;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Memory;

[Collection(Alone.Name)]
public sealed class RegionAllocatorTests
{
    private const long Large = 1 << 20;

    [Fact]
    public void Large_tensors_lie_in_the_region_until_they_are_freed()
    {
        var region = Region();
        var before = region.UsedBytes;
        using (var small = torch.ones(1_000))
        using (var large = torch.ones(Large))
        {
            Assert.Equal(Large * sizeof(float), region.UsedBytes - before);
            Assert.Equal(Large + 1_000, large.sum().item<float>() + small.sum().item<float>());
        }

        Assert.Equal(before, region.UsedBytes);
    }

    [Fact]
    public void A_tensor_grows_into_the_region_and_keeps_what_it_holds()
    {
        var region = Region();
        var before = region.UsedBytes;
        using (var tensor = torch.arange(1_000, torch.float32))
        {
            Resize(tensor, Large);
            Assert.Equal(Large * sizeof(float), region.UsedBytes - before);
            Assert.Equal(Enumerable.Range(0, 1_000).Select(value => (float)value), tensor.data<float>().Take(1_000));
        }

        Assert.Equal(before, region.UsedBytes);
    }

    [Fact]
    public void Many_threads_get_blocks_of_their_own_while_free_memory_goes_back()
    {
        var region = Region();
        var before = region.UsedBytes;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            var random = new Random(thread);
            var kept = new Queue<(torch.Tensor Tensor, float Value)>();
            for (var step = 0; step < 400; step++)
            {
                var value = (thread * 1_000) + step;
                kept.Enqueue((torch.full(random.Next(1, 200_000), value, torch.float32), value));
                if (step % 100 == 0)
                    TorchRuntime.ReleaseFreedMemory();
                if (kept.Count < 8)
                    continue;
                var (tensor, expected) = kept.Dequeue();
                using (tensor)
                {
                    using var low = tensor.min();
                    using var high = tensor.max();
                    Assert.Equal((expected, expected), (low.item<float>(), high.item<float>()));
                }
            }

            foreach (var (tensor, _) in kept)
                tensor.Dispose();
        });

        Assert.Equal(before, region.UsedBytes);
    }

    [Theory]
    [InlineData(1L << 50)]
    [InlineData(long.MaxValue / sizeof(float))]
    public void A_tensor_that_fits_nowhere_is_refused_as_ever(long length)
    {
        var region = Region();
        var before = region.UsedBytes;
        var error = Assert.Throws<ExternalException>(() => torch.empty(length));
        Assert.Contains("can't allocate memory", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, region.UsedBytes);
        using var after = torch.ones(Large);
        Assert.Equal(Large, after.sum().item<float>());
    }

    [Fact]
    public void Gradients_come_and_go_as_before()
    {
        var region = Region();
        var before = region.UsedBytes;
        using (torch.NewDisposeScope())
        {
            var weight = torch.full([512, 512], 0.5f, requires_grad: true);
            using (var product = torch.ones(300, 512).matmul(weight))
            using (var loss = product.sum())
                loss.backward();
            Assert.Equal(300f * 512 * 512, weight.grad!.sum().item<float>());
        }

        Assert.Equal(before, region.UsedBytes);
    }

    private static void Resize(torch.Tensor tensor, long length)
    {
        var call = new Dispatcher(stackalloc ulong[3]);
        call.Add(tensor);
        call.Add([length]);
        call.AddOptional((double?)null); // the memory format
        call.Call("aten::resize_\0"u8).Dispose();
    }

    private static TensorRegion Region()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64, "Only on Linux on x64.");
        Assert.True(RegionAllocator.Use());
        return RegionAllocator.Region!;
    }
}
