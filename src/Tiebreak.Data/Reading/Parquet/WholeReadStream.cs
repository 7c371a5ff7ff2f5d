namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// A file in which reading at the end, or at an end that is set before, is an error. Parquet.Net takes the end of a file for the byte 255
/// and a number for going on after it, so that it would read a cut or damaged page header without end; and it goes on into the pages of the
/// next column where those of one hold fewer values than they say.
/// </summary>
internal sealed class WholeReadStream(FileStream file) : Stream
{
    /// <summary>The offset behind what may be read; from the start, the length of the file.</summary>
    public long End { get; set; } = file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    public override int ReadByte()
    {
        var value = file.Position < End ? file.ReadByte() : -1;
        return value >= 0 ? value : throw new EndOfStreamException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = file.Read(buffer[..(int)Math.Clamp(End - file.Position, 0, buffer.Length)]);
        return count > 0 || buffer.IsEmpty ? count : throw new EndOfStreamException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
