using System.Buffers;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Json;

/// <summary>
/// Cuts a JSON list into blocks of its elements, without reading what is in them: it only follows strings and brackets. Where the
/// brackets do not match, the element that holds the fault may swallow the ones behind it, up to the largest record.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="text">UTF-8 text that begins with an opening bracket.</param>
/// <param name="blockBytes">The size of a block; larger only where an element is.</param>
/// <param name="maxRecordBytes">The largest element; a larger one ends the reading.</param>
internal sealed class JsonListReader(string path, Stream text, int blockBytes, int maxRecordBytes) : IBlockSource
{
    private readonly JsonListScanner _scanner = new();
    private byte[] _rest = [];
    private bool _ended;
    private string? _fault;

    /// <summary>The next block, or null behind the closing bracket.</summary>
    /// <exception cref="InputException">
    /// The list is not closed, an element is too large, or something follows the list; what stands before was given out.
    /// </exception>
    public Block? Next()
    {
        if (_fault is not null)
            throw new InputException($"{path}: {_fault}.");
        if (_ended)
            return null;

        var buffer = ArrayPool<byte>.Shared.Rent(_rest.Length + blockBytes);
        _rest.CopyTo(buffer, 0);
        var scanned = _rest.Length;
        var target = _rest.Length + blockBytes;
        var records = new List<RecordSpan>();
        while (true)
        {
            var length = scanned + text.ReadAtLeast(buffer.AsSpan(scanned, target - scanned), target - scanned, throwOnEndOfStream: false);
            _ended = length < target;
            _scanner.Scan(buffer.AsSpan(0, length), scanned, records);
            if (records.Exists(record => record.Length > maxRecordBytes) || length - _scanner.Start > maxRecordBytes)
            {
                return Stop(
                    records,
                    buffer,
                    length,
                    $"the element that starts on line {FirstLarge(records)} is larger than {ByteSize.Format(maxRecordBytes)}. "
                        + "Check the brackets of the file, or allow larger records");
            }

            if (_ended && !_scanner.IsClosed)
            {
                return Stop(
                    records,
                    buffer,
                    length,
                    $"the list is not closed at the end of the file, line {_scanner.Line}. The file is perhaps cut off");
            }

            if (_scanner.Trailing is { } line)
                return Stop(records, buffer, length, $"text follows the list on line {line}");

            if (records.Count > 0 || _ended)
            {
                var keep = _scanner.Start;
                _rest = buffer.AsSpan(keep, length - keep).ToArray();
                _scanner.Rebase(keep);
                return new Block(buffer, length, line: 1) { Records = records };
            }

            scanned = length;
            target = 2 * length;
            buffer = Grow(buffer, length, target);
        }
    }

    private Block Stop(List<RecordSpan> records, byte[] buffer, int length, string fault)
    {
        _ended = true;
        _fault = fault;
        var large = records.FindIndex(record => record.Length > maxRecordBytes);
        if (large >= 0)
            records.RemoveRange(large, records.Count - large);
        return new Block(buffer, length, line: 1) { Records = records };
    }

    private long FirstLarge(List<RecordSpan> records)
    {
        var large = records.FindIndex(record => record.Length > maxRecordBytes);
        return large >= 0 ? records[large].Line : _scanner.StartLine;
    }

    private static byte[] Grow(byte[] buffer, int length, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
