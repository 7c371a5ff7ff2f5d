using Tiebreak.Testing;
using Tiebreak.Torch.Checkpoints;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Checkpoints;

public sealed class ShardedWriterTests
{
    public ShardedWriterTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(100, 3)] // 40 + 40, 800, 40 bytes
    [InlineData(1, 4)]
    public void Shards_hold_every_tensor_once_and_their_index_is_read_again(long shardBytes, int shards)
    {
        using var folder = new TemporaryFolder();
        ShardedWriter.Write(folder.Path, [Pending("d", 10), Pending("a", 10), Pending("c", 200), Pending("b", 10)], shardBytes);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(shards, checkpoint.Files.Count);
        Assert.Equal(["a", "b", "c", "d"], checkpoint.Entries.Select(entry => entry.Name));
        foreach (var entry in checkpoint.Entries)
            Assert.Equal(entry.Name[0], (char)checkpoint.View(entry.Name).max().item<float>());
    }

    [Fact]
    public void A_tensor_that_is_not_what_was_announced_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidOperationException>(() =>
            ShardedWriter.Write(folder.Path, [new PendingTensor("a", DType.Float32, [3], () => torch.zeros(4))]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static PendingTensor Pending(string name, long count) =>
        new(name, DType.Float32, [count], () => torch.full([count], (float)name[0]));
}
