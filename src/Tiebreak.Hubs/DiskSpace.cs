using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hubs;

/// <summary>Whether a disk has room for what is to be fetched, asked before hours of fetching.</summary>
internal static class DiskSpace
{
    /// <summary>Makes sure that the files fit on the disk of a folder; what is there of them already needs no room.</summary>
    /// <param name="files">The files to fetch.</param>
    /// <param name="folder">The folder to put them into; it need not be there yet.</param>
    /// <exception cref="TiebreakException">There is less room than the missing bytes need, or the disk cannot be asked.</exception>
    public static void Require(IReadOnlyCollection<HubFile> files, string folder)
    {
        // The hub states the sizes, so their sum may be too large for 64 bits.
        var missing = files.Aggregate((Int128)0, (sum, file) => sum + file.Bytes - BytesThere(file, folder));
        try
        {
            var free = new DriveInfo(NearestFolder(folder)).AvailableFreeSpace;
            if (missing > free)
            {
                throw new TiebreakException(
                    $"{folder} needs {Gigabytes(missing)} GB more and its disk has {Gigabytes(free)} GB free. " +
                    "Free space or choose another place.")
                {
                    Code = ErrorCodes.Storage,
                };
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(folder, exception);
        }
    }

    private static long BytesThere(HubFile file, string folder)
    {
        var path = Path.Combine(folder, HubTree.CheckedPath(file.Path));
        var whole = new FileInfo(path);
        return whole.Exists && whole.Length == file.Bytes ? file.Bytes : Math.Min(new PartialFile(path).Bytes, file.Bytes);
    }

    private static string NearestFolder(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        return path;
    }

    private static string Gigabytes(Int128 bytes) => ((double)bytes / 1e9).ToString("N1", CultureInfo.InvariantCulture);
}
