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

    [Fact]
    public async Task A_folder_is_never_missing_while_it_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a folder is moved aside first");
        using var folder = new TemporaryFolder();
        var (bundle, file) = (folder["bundle"], Path.Combine(folder["bundle"], "a"));
        await AtomicFolder.WriteAsync(bundle, path => File.WriteAllTextAsync(Path.Combine(path, "a"), "old"));
        using var stop = new CancellationTokenSource();
        var missing = Task.Factory.StartNew(
            () =>
            {
                var count = 0;
                while (!stop.IsCancellationRequested)
                    count += File.Exists(file) ? 0 : 1;
                return count;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (var round = 0; round < 200; round++)
            await AtomicFolder.WriteAsync(bundle, path => File.WriteAllTextAsync(Path.Combine(path, "a"), "new"));
        await stop.CancelAsync();

        Assert.Equal(0, await missing);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_whose_replacement_was_killed_between_two_renames_comes_back_with_the_next_write()
    {
        using var folder = new TemporaryFolder();
        await AtomicFolder.WriteAsync(folder["bundle"], path => File.WriteAllTextAsync(Path.Combine(path, "a"), "old"));
        Directory.Move(folder["bundle"], $"{folder["bundle"]}.{Guid.NewGuid():N}.old");
        Directory.CreateDirectory($"{folder["bundle"]}.{Guid.NewGuid():N}.tmp");

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            AtomicFolder.WriteAsync(folder["bundle"], _ => throw new OperationCanceledException()));

        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(folder["bundle"], "a"), TestContext.Current.CancellationToken));
    }
}
