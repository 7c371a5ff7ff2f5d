using System.Text;

namespace Tiebreak.Core.Files;

/// <summary>
/// Files that are either written whole or not at all: the content goes to a temporary file in the same folder, is flushed to the disk
/// and then renamed over the target, so that a crash, a full disk or Ctrl-C leaves what was there before.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="write">Writes the content; what it throws is passed on after the temporary file has been removed.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        StorageError.Guard(full, () =>
        {
            using var file = new TemporaryFile(full);
            write(file.Stream);
            file.Complete();
        });
    }

    /// <summary>Writes a text as UTF-8, atomically.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="text">The whole content.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file atomically, with content that comes asynchronously.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="write">Writes the content; what it throws is passed on after the temporary file has been removed.</param>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var full = Path.GetFullPath(path);
        try
        {
            using var file = new TemporaryFile(full);
            await write(file.Stream).ConfigureAwait(false);
            file.Complete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(full, exception);
        }
    }

    /// <summary>The file until it is complete; disposed before, it leaves nothing.</summary>
    private sealed class TemporaryFile : IDisposable
    {
        private readonly string _target;
        private readonly string _path;
        private bool _isComplete;

        public TemporaryFile(string target)
        {
            (_target, _path) = (target, $"{target}.{Guid.NewGuid():N}.tmp");
            Stream = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        }

        public FileStream Stream { get; }

        public void Complete()
        {
            Stream.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(_path, _target, overwrite: true);
            _isComplete = true;
            UnixFolder.FlushToDisk(Path.GetDirectoryName(_target)!);
        }

        public void Dispose()
        {
            if (_isComplete)
                return;

            try
            {
                Stream.Dispose();
                File.Delete(_path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The first error is the one to report; a left-over *.tmp file is harmless.
            }
        }
    }
}
