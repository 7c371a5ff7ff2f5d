using System.Text;

namespace Tiebreak.Core.Files;

/// <summary>
/// Files that are either written whole or not at all: the content goes to a temporary file in the same folder, is flushed to the disk
/// and then renamed over the target, so that a crash, a full disk or Ctrl-C leaves what was there before.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="write">Writes the content; what it throws is passed on after the temporary file has been removed.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (exception is IOException or UnauthorizedAccessException)
                throw StorageError.Explain(full, exception);
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8, atomically.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="text">The whole content.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report; a left-over *.tmp file is harmless.
        }
    }
}
