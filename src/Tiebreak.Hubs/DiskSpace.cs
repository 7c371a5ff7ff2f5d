using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hubs;

/// <summary>Whether a disk can take what is to be fetched, asked before hours of fetching.</summary>
public static class DiskSpace
{
    /// <summary>Makes sure that the files fit on the disk of a folder; what is there of them already needs no room.</summary>
    /// <param name="files">The files to fetch.</param>
    /// <param name="folder">The folder to put them into; it need not be there yet.</param>
    /// <exception cref="TiebreakException">There is less room than the missing bytes need, or the folder's disk cannot be asked.</exception>
    public static void Require(IReadOnlyCollection<HubFile> files, string folder)
    {
        var missing = files.Aggregate(0L, (sum, file) => checked(sum + file.Bytes - BytesThere(file, folder)));
        try
        {
            var free = new DriveInfo(NearestFolder(folder)).AvailableFreeSpace;
            if (missing > free)
                throw new TiebreakException($"{folder} needs {Gigabytes(missing)} GB more and its disk has {Gigabytes(free)} GB free. Free space or choose another place.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(folder, exception);
        }
    }

    private static long BytesThere(HubFile file, string folder)
    {
        var path = Path.Combine(folder, HubTree.CheckedPath(file.Path));
        var (whole, part) = (new FileInfo(path), new FileInfo(new PartialFile(path).Path));
        if (whole.Exists && whole.Length == file.Bytes)
            return file.Bytes;
        return part.Exists ? Math.Min(part.Length, file.Bytes) : 0;
    }

    private static string NearestFolder(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        return path;
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("N1", CultureInfo.InvariantCulture);
}
