namespace Tiebreak.Data.Reading;

/// <summary>A stream whose first bytes can be looked at before they are read, also where it cannot seek (a pipe, a decompressor).</summary>
internal sealed class PeekableStream(Stream inner) : ForwardStream
{
    private byte[] _head = [];

    /// <summary>The first bytes: as many as asked for, or fewer at the end of the stream. May be called once, before reading.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        var head = new byte[count];
        _head = head[..inner.ReadAtLeast(head, count, throwOnEndOfStream: false)];
        return _head;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_head.Length == 0)
            return inner.Read(buffer);

        var count = Math.Min(buffer.Length, _head.Length);
        _head.AsSpan(0, count).CopyTo(buffer);
        _head = _head[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
