namespace Tiebreak.Core.Files;

/// <summary>Finds out before long work whether its result can be written, by writing and deleting something beside it.</summary>
internal static class WritableTarget
{
    /// <summary>Checks the place of a file.</summary>
    /// <param name="path">The file to write; one that is there will be replaced.</param>
    /// <exception cref="TiebreakException">It cannot be written: its folder is missing, or there is no permission.</exception>
    public static void CheckFile(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new InputException($"{path} is a folder, so no file can be written there. Name a file.");
        StorageError.Guard(full, () => File.Create($"{full}.{Guid.NewGuid():N}.tmp", 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Checks the place of a folder.</summary>
    /// <param name="path">The folder to write; parents that are missing will be created.</param>
    /// <exception cref="TiebreakException">It cannot be written.</exception>
    public static void CheckFolder(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(full))
            throw new InputException($"{path} is a file, so no folder can be written there. Name a folder.");

        var parent = Path.GetDirectoryName(full) ?? full;
        while (!Path.Exists(parent) && Path.GetDirectoryName(parent) is { } above)
            parent = above;
        if (File.Exists(parent))
            throw new InputException($"{path} cannot be written: {parent} is a file. Name a place below a folder.");

        var probe = Path.Combine(parent, $"{Guid.NewGuid():N}.tmp");
        StorageError.Guard(full, () =>
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
        });
    }
}
