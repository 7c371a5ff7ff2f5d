using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>
/// A file, plain or compressed with gzip or Zstandard (several members or frames too), opened and recognised by its content.
/// </summary>
internal sealed class SourceFile : IDisposable
{
    private readonly MeteredStream _onDisk;

    private SourceFile(string path, long length, MeteredStream onDisk, PeekableStream text)
    {
        Path = path;
        Length = length;
        _onDisk = onDisk;
        Text = text;
    }

    /// <summary>The path as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The text as UTF-8, without byte order mark.</summary>
    public Stream Text { get; }

    public TextKind Kind { get; private init; }

    /// <summary>Bytes on disk; 0 for a pipe.</summary>
    public long Length { get; }

    /// <summary>Bytes on disk that have been read.</summary>
    public long BytesRead => _onDisk.BytesRead;

    /// <summary>SHA-256 of the bytes on disk. Call it after the text has been read.</summary>
    public string Sha256() => _onDisk.Sha256();

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hash">True to be able to call <see cref="Sha256"/>.</param>
    /// <exception cref="InputException">There is no such file, it may not be read, or it is no text.</exception>
    public static SourceFile Open(string path, bool hash)
    {
        var file = OpenFile(path);
        var onDisk = new MeteredStream(file, hash);
        try
        {
            var text = new PeekableStream(onDisk);
            var head = text.Peek(FileHead.Bytes);
            var isCompressed = FileHead.IsGzip(head) || FileHead.IsZstandard(head);
            if (FileHead.IsGzip(head))
            {
                text = new PeekableStream(new CheckedGzipStream(text));
                head = text.Peek(FileHead.Bytes);
            }
            else if (FileHead.IsZstandard(head))
            {
                text = new PeekableStream(new CheckedZstdStream(text));
                head = text.Peek(FileHead.Bytes);
            }

            if (FileHead.Utf16(head) is { } encoding)
            {
                text.ReadExactly(stackalloc byte[2]);
                text = new PeekableStream(Encoding.CreateTranscodingStream(text, encoding, Encoding.UTF8));
                head = text.Peek(FileHead.Bytes);
            }

            var kind = FileHead.Recognise(path, head);
            if (kind == TextKind.Parquet && (isCompressed || !file.CanSeek))
            {
                throw new InputException(
                    $"{path} is a Parquet file that is compressed once more, or a pipe. Parquet must be a plain file.");
            }

            if (FileHead.HasByteOrderMark(head))
                text.ReadExactly(stackalloc byte[3]);
            return new SourceFile(path, file.CanSeek ? file.Length : 0, onDisk, text) { Kind = kind };
        }
        catch (Exception exception)
        {
            onDisk.Dispose();
            throw Explain(path, exception);
        }
    }

    /// <summary>What a failure while reading means to the user.</summary>
    public static Exception Explain(string path, Exception exception) => exception switch
    {
        InvalidDataException => new InputException(
            $"{path} is damaged or cut off: its compressed data cannot be decompressed to the end. Fetch or compress it again.", exception),
        UnauthorizedAccessException => new InputException($"No permission to read {path}.", exception),
        IOException => new InputException($"{path} could not be read: {exception.Message}", exception),
        _ => exception,
    };

    /// <summary>The next block of the text, or null at its end.</summary>
    /// <exception cref="InputException">The text cannot be read any further.</exception>
    public Block? Next(IBlockSource blocks)
    {
        try
        {
            return blocks.Next();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Explain(Path, exception);
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _onDisk.Dispose();
    }

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder. Name a file in it.");
        if (!File.Exists(path))
            throw new InputException($"There is no file {path}.");

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception)
        {
            throw Explain(path, exception);
        }
    }
}
