using System.IO.Compression;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Decompresses gzip, several members too, and fails where the data is cut off, which <see cref="GZipStream"/> takes for a normal end.
/// Behind the last byte it appends one more member with a marker: only a decompressor that stands at the end of a member comes upon it.
/// </summary>
internal sealed class CheckedGzipStream : ForwardStream
{
    // Repetitive, so that its compressed form differs from it even where a cut-off stored block would copy that form to the output.
    private static readonly byte[] Marker = [.. Enumerable.Repeat((byte)0xFF, 32), .. "end of the compressed text"u8];
    private static readonly byte[] CompressedMarker = Compress(Marker);

    private readonly GZipStream _gzip;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    public CheckedGzipStream(Stream compressed) =>
        _gzip = new GZipStream(new Appended(compressed), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        // The last bytes are held back: they may be the marker.
        while (_end - _start <= Marker.Length && !_ended)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var added = _gzip.Read(_buffer.AsSpan(_end));
            _end += added;
            _ended = added == 0;
        }

        if (_ended && !_buffer.AsSpan(_start, _end - _start).EndsWith(Marker))
            throw new InvalidDataException("The gzip data is cut off.");

        var count = Math.Min(buffer.Length, _end - _start - Marker.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>The compressed data with the compressed marker behind it.</summary>
    private sealed class Appended(Stream inner) : ForwardStream
    {
        private int _tail = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_tail < 0)
            {
                var count = inner.Read(buffer);
                if (count > 0 || buffer.IsEmpty)
                    return count;
                _tail = 0;
            }

            var rest = Math.Min(buffer.Length, CompressedMarker.Length - _tail);
            CompressedMarker.AsSpan(_tail, rest).CopyTo(buffer);
            _tail += rest;
            return rest;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
