namespace Tiebreak.Core.Files;

/// <summary>
/// Folders that appear whole or not at all, in the way of <see cref="AtomicFile"/>. Linux exchanges two folders in one step. Elsewhere the
/// old one is moved aside first, and a process that is killed at that moment leaves it there, until <see cref="Recover"/> brings it back.
/// </summary>
internal static class AtomicFolder
{
    /// <summary>How the name of a folder ends that was moved aside: the name, a GUID, this.</summary>
    private const string Aside = ".old";

    /// <summary>Fills a temporary folder beside the target and renames it; a folder of that name is replaced only after success.</summary>
    /// <param name="path">The target folder. Its parent is created where missing.</param>
    /// <param name="fill">Writes files into the folder whose path it is given.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<string, Task> fill)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        Recover(full);
        try
        {
            Directory.CreateDirectory(temporary);
            await fill(temporary).ConfigureAwait(false);
            FlushToDisk(temporary);
            Replace(full, temporary);
            UnixFolder.FlushToDisk(Path.GetDirectoryName(full)!);
        }
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (exception is IOException or UnauthorizedAccessException)
                throw StorageError.Explain(full, exception);
            throw;
        }
    }

    /// <summary>
    /// Brings back the last folder of a name, if there is none of that name and a replacement of it was killed half-way. Whoever opens a
    /// folder that was written here calls this before.
    /// </summary>
    /// <param name="path">The folder.</param>
    public static void Recover(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full) || Path.GetDirectoryName(full) is not { } parent)
            return;

        try
        {
            var last = new DirectoryInfo(parent).EnumerateDirectories().Where(folder => IsAside(folder.FullName, full))
                .MaxBy(folder => folder.LastWriteTimeUtc);
            last?.MoveTo(full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the folder is missing, which is what its reader says.
        }
    }

    private static bool IsAside(string folder, string target) =>
        folder.StartsWith($"{target}.", StringComparison.Ordinal) && folder.EndsWith(Aside, StringComparison.Ordinal) &&
        Guid.TryParseExact(folder.AsSpan((target.Length + 1)..^Aside.Length), "N", out _);

    private static void Replace(string full, string temporary)
    {
        if (!Directory.Exists(full))
        {
            Directory.Move(temporary, full);
            return;
        }

        if (UnixFolder.TryExchange(full, temporary))
        {
            TryDelete(temporary);
            return;
        }

        // A folder cannot be renamed over another one: the old one steps aside and comes back if the rename fails.
        var old = $"{full}.{Guid.NewGuid():N}{Aside}";
        Directory.Move(full, old);
        try
        {
            Directory.Move(temporary, full);
        }
        catch
        {
            Directory.Move(old, full);
            throw;
        }

        TryDelete(old);
    }

    private static void FlushToDisk(string folder)
    {
        // What a link leads to was not written here.
        var own = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(folder, "*", own))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report; a left-over temporary folder is harmless.
        }
    }
}
