using System.Buffers;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Cuts a text into blocks at record ends, without looking at every record: in well-formed CSV a line end closes a record exactly where
/// an even number of quotes lies before it, so counting quotes and walking back from the end of the block is enough. After a misplaced
/// quote the cuts are wrong, but the record that holds it is never cut before that quote, so that its parser reports the right place.
/// </summary>
/// <param name="text">UTF-8 text.</param>
/// <param name="quoted">True for CSV, where line ends inside quotes belong to a field.</param>
/// <param name="blockBytes">The size of a block; larger only where a record is.</param>
/// <param name="maxRecordBytes">The largest record; a larger one ends the reading with a block that holds its beginning.</param>
internal sealed class BlockReader(Stream text, bool quoted, int blockBytes, int maxRecordBytes) : IBlockSource
{
    private byte[] _rest = [];
    private bool _restIsQuoted;
    private long _line = 1;
    private bool _ended;

    /// <summary>The next block, or null at the end.</summary>
    public Block? Next()
    {
        if (_ended)
            return null;

        // What is left of the last block begins with a record.
        var buffer = ArrayPool<byte>.Shared.Rent(_rest.Length + blockBytes);
        _rest.CopyTo(buffer, 0);
        var counted = _rest.Length;
        var isQuoted = _restIsQuoted;
        var target = _rest.Length + blockBytes;
        while (true)
        {
            var length = counted + text.ReadAtLeast(buffer.AsSpan(counted, target - counted), target - counted, throwOnEndOfStream: false);
            _ended = length < target;
            isQuoted ^= quoted && (buffer.AsSpan(counted, length - counted).Count((byte)'"') & 1) == 1;
            var end = _ended ? length : LastRecordEnd(buffer.AsSpan(0, length), isQuoted);
            if (end > 0 || _ended)
            {
                _rest = buffer.AsSpan(end, length - end).ToArray();
                _restIsQuoted = isQuoted;
                return Cut(buffer, end);
            }

            if (length > maxRecordBytes)
            {
                _ended = true;
                return Cut(buffer, length);
            }

            counted = length;
            target = 2 * length;
            buffer = Grow(buffer, length, target);
        }
    }

    private Block? Cut(byte[] buffer, int length)
    {
        if (length == 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return null;
        }

        var block = new Block(buffer, length, _line);
        _line += LineBreaks.Count(block.Text);
        return block;
    }

    private static byte[] Grow(byte[] buffer, int length, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>The offset behind the last line end that is outside of quotes, or 0.</summary>
    private int LastRecordEnd(ReadOnlySpan<byte> text, bool isQuoted)
    {
        // A CR at the very end may be half of a CRLF.
        var before = text.EndsWith("\r"u8) ? text[..^1] : text;
        while (true)
        {
            var last = quoted ? before.LastIndexOfAny((byte)'"', (byte)'\n', (byte)'\r') : before.LastIndexOfAny((byte)'\n', (byte)'\r');
            if (last < 0)
                return 0;
            if (before[last] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted)
                return last + 1;
            before = before[..last];
        }
    }
}
