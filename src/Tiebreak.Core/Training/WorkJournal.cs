using System.Buffers.Binary;
using System.Security.Cryptography;
using Tiebreak.Core.Files;

namespace Tiebreak.Core.Training;

/// <summary>
/// A file that records are appended to. Each has its length (32-bit, little-endian), the SHA-256 of its content, and the content: what a
/// killed process or a power cut leaves of the last ones is recognised and cut off.
/// </summary>
public sealed class WorkJournal : IDisposable
{
    private const int HeaderBytes = sizeof(int) + SHA256.HashSizeInBytes;

    private readonly string _path;
    private readonly FileStream _file;

    internal WorkJournal(string path)
    {
        _path = path;
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Explain(path, exception);
        }

        var finished = new List<byte[]>();
        while (ReadRecord() is { } record)
            finished.Add(record);
        _file.SetLength(finished.Sum(record => (long)HeaderBytes + record.Length));
        _ = _file.Seek(0, SeekOrigin.End);
        Finished = finished;
    }

    /// <summary>The records that were there when the journal was opened, in their order.</summary>
    public IReadOnlyList<byte[]> Finished { get; }

    /// <summary>Appends a record. It outlives this process from then on, and a power cut some seconds later.</summary>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, record.Length);
        _ = SHA256.HashData(record, header[sizeof(int)..]);
        try
        {
            _file.Write(header);
            _file.Write(record);
            _file.Flush();
        }
        catch (IOException exception)
        {
            throw StorageError.Explain(_path, exception);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private byte[]? ReadRecord()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (_file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length < 0 || length > _file.Length - _file.Position)
            return null;
        var record = new byte[length];
        _file.ReadExactly(record);
        return SHA256.HashData(record).AsSpan().SequenceEqual(header[sizeof(int)..]) ? record : null;
    }
}
