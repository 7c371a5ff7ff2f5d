using System.IO.MemoryMappedFiles;
using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// A file mapped into memory for reading: pages come from the disk when they are touched, and the system may drop them again.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _data;

    /// <exception cref="InputException">The file is not there or cannot be read.</exception>
    public MappedFile(string path)
    {
        Path = path;
        try
        {
            // Asked of the opened file: of a link, its path tells the link's own length and time.
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            (Length, Modified) = (stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle));
            if (Length == 0)
            {
                stream.Dispose(); // nothing to map
                return;
            }

            _file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>When the file was last written, as it was when it was opened.</summary>
    public DateTime Modified { get; }

    /// <summary>The address of a byte.</summary>
    public IntPtr Address(long offset) => (IntPtr)(_data + offset);

    /// <summary>Some bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
        return new ReadOnlySpan<byte>(_data + offset, count);
    }

    public void Dispose()
    {
        if (_view is null)
            return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}
