namespace Tiebreak.Core.Files;

/// <summary>Folders that appear whole or not at all, in the way of <see cref="AtomicFile"/>.</summary>
public static class AtomicFolder
{
    /// <summary>Fills a temporary folder beside the target and renames it; a folder of that name is replaced only after success.</summary>
    /// <param name="path">The target folder. Its parent is created where missing.</param>
    /// <param name="fill">Writes files into the folder whose path it is given.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<string, Task> fill)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            await fill(temporary);
            FlushToDisk(temporary);
            Replace(full, temporary);
        }
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (exception is IOException or UnauthorizedAccessException)
                throw StorageError.Explain(full, exception);
            throw;
        }
    }

    // A folder cannot be renamed over another one, so the old one steps aside first and comes back if the rename fails.
    private static void Replace(string full, string temporary)
    {
        if (!Directory.Exists(full))
        {
            Directory.Move(temporary, full);
            return;
        }

        var old = $"{full}.{Guid.NewGuid():N}.old";
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
