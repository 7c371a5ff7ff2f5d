using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Json;

/// <summary>Walks over the JSON records of a block: its lines, or the elements of a list.</summary>
/// <param name="block">The block.</param>
/// <param name="maxRecordBytes">The largest record.</param>
internal ref struct JsonRecords(Block block, int maxRecordBytes)
{
    private readonly ReadOnlySpan<byte> _text = block.Text;
    private readonly List<RecordSpan>? _records = block.Records;
    private ReadOnlySpan<byte> _rest = block.Text;
    private long _nextLine = block.Line;
    private int _index;

    /// <summary>The record.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The line on which it starts.</summary>
    public long Line { get; private set; }

    /// <summary>True for a line that is too large; nothing behind it can be trusted.</summary>
    public readonly bool IsTooLarge => Current.Length > maxRecordBytes;

    /// <summary>Goes on to the next record that is not blank.</summary>
    public bool Next()
    {
        if (_records is null)
            return NextLine();
        if (_index == _records.Count)
            return false;

        var record = _records[_index++];
        Current = _text.Slice(record.Start, record.Length);
        Line = record.Line;
        return true;
    }

    /// <summary>What to say of a record that is too large.</summary>
    public readonly InputException TooLarge(string path) =>
        new($"{path}, line {Line}: the line is larger than {ByteSize.Format(maxRecordBytes)}. Write one JSON object a line, "
            + "or allow larger records.");

    private bool NextLine()
    {
        while (!_rest.IsEmpty)
        {
            var length = _rest.IndexOfAny((byte)'\n', (byte)'\r');
            Current = length < 0 ? _rest : _rest[..length];
            Line = _nextLine++;
            _rest = _rest[(Current.Length + (_rest[Current.Length..].StartsWith("\r\n"u8) ? 2 : length < 0 ? 0 : 1))..];
            if (IsTooLarge || !Current.Trim(" \t"u8).IsEmpty)
                return true;
        }

        return false;
    }
}
