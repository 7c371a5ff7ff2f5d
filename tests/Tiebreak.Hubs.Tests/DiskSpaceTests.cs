using Tiebreak.Core;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests;

public sealed class DiskSpaceTests
{
    [Fact]
    public void What_does_not_fit_is_refused_before_it_is_fetched()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<TiebreakException>(() => DiskSpace.Require([File("a", 1L << 58)], folder["not/there/yet"]));
        Assert.Contains("needs 288,230,376.2 GB more and its disk has", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_whose_sum_overflows_are_refused_too()
    {
        using var folder = new TemporaryFolder();
        HubFile[] files = [File("a", long.MaxValue), File("b", long.MaxValue), File("c", long.MaxValue)];
        var refusal = Assert.Throws<TiebreakException>(() => DiskSpace.Require(files, folder.Path));
        Assert.Contains("needs 27,670,116,110.6 GB more", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.partial")]
    public void What_is_there_needs_no_room(string name)
    {
        using var folder = new TemporaryFolder();
        using (var sparse = new FileStream(folder[name], FileMode.CreateNew))
            sparse.SetLength(1L << 42);

        DiskSpace.Require([File("a", 1L << 42)], folder.Path);
        Assert.Throws<TiebreakException>(() => DiskSpace.Require([File("b", 1L << 58)], folder.Path));
    }

    private static HubFile File(string path, long bytes) =>
        new(path, new Uri("https://hub.example/file"), bytes, FileHash.Sha256(new string('0', 64)), new Uri("https://hub.example"));
}
