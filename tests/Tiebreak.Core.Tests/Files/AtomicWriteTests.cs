using Tiebreak.Core.Files;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Files;

public sealed class AtomicWriteTests
{
    private const int NoSpaceLeft = 28;

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_rubbish()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", "old");

        var error = Assert.Throws<TiebreakException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the new"u8);
            throw new IOException("No space left on device", NoSpaceLeft);
        }));

        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_the_users_to_mend() =>
        Assert.Contains(
            "does not exist",
            Assert.Throws<InputException>(() => AtomicFile.Write("/no/such/folder/file", _ => { })).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_failed_folder_leaves_the_old_one()
    {
        using var folder = new TemporaryFolder();
        await AtomicFolder.WriteAsync(folder["bundle"], path => File.WriteAllTextAsync(Path.Combine(path, "a"), "old"));

        await Assert.ThrowsAsync<OperationCanceledException>(() => AtomicFolder.WriteAsync(folder["bundle"], async path =>
        {
            await File.WriteAllTextAsync(Path.Combine(path, "b"), "new");
            throw new OperationCanceledException();
        }));

        Assert.Equal("old", File.ReadAllText(Path.Combine(folder["bundle"], "a")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_is_replaced_whole()
    {
        using var folder = new TemporaryFolder();
        await AtomicFolder.WriteAsync(folder["bundle"], path => File.WriteAllTextAsync(Path.Combine(path, "a"), "old"));
        await AtomicFolder.WriteAsync(folder["bundle"], path => File.WriteAllTextAsync(Path.Combine(path, "b"), "new"));

        Assert.Equal([Path.Combine(folder["bundle"], "b")], Directory.GetFiles(folder["bundle"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }
}
