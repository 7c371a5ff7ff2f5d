using System.Buffers;

namespace Tiebreak.Data.Reading.Json;

/// <summary>Follows the strings and brackets of a JSON list through pieces of its text and notes where elements begin and end.</summary>
internal sealed class JsonListScanner
{
    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\\n\r"u8);
    private static readonly SearchValues<byte> Outside = SearchValues.Create("\"[]{},\n\r"u8);

    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _afterReturn;
    private int _start = -1;

    /// <summary>True behind the bracket that closes the list.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The line that has been reached.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The line on which the element under way starts.</summary>
    public long StartLine { get; private set; } = 1;

    /// <summary>Where the element under way starts; where there is none, the end of what was scanned.</summary>
    public int Start { get; private set; }

    /// <summary>The line of the first text behind the list, or null.</summary>
    public long? Trailing { get; private set; }

    /// <summary>Scans on.</summary>
    /// <param name="text">The text from the base on.</param>
    /// <param name="from">The first byte that has not been scanned yet.</param>
    /// <param name="records">Takes the elements that end.</param>
    public void Scan(ReadOnlySpan<byte> text, int from, List<RecordSpan> records)
    {
        var position = from;
        while (position < text.Length)
        {
            if (_escaped)
            {
                _escaped = false;
                CountLine(text[position++]);
                continue;
            }

            var skip = text[position..].IndexOfAny(_inString ? InText : Outside);
            var end = skip < 0 ? text.Length : position + skip;
            if (!_inString)
                Begin(text, position, end);
            if (end > position)
                _afterReturn = false;
            if (skip < 0)
                break;
            Take(text, end, records);
            position = end + 1;
        }

        Start = _start < 0 ? text.Length : _start;
    }

    /// <summary>Bytes at the beginning have been dropped.</summary>
    public void Rebase(int dropped)
    {
        if (_start >= 0)
            _start -= dropped;
        Start -= dropped;
    }

    /// <summary>An element that is neither text nor brackets (a number, null) begins with its first byte.</summary>
    private void Begin(ReadOnlySpan<byte> text, int position, int end)
    {
        if (_start >= 0)
            return;
        var piece = text[position..end];
        var blank = piece.Length - piece.TrimStart(" \t"u8).Length;
        if (blank < piece.Length)
            BeginAt(position + blank);
    }

    private void BeginAt(int position)
    {
        if (IsClosed)
            Trailing ??= Line;
        if (_start >= 0 || _depth == 0)
            return;
        (_start, StartLine) = (position, Line);
    }

    private void Take(ReadOnlySpan<byte> text, int position, List<RecordSpan> records)
    {
        var unit = text[position];
        CountLine(unit);
        switch (unit)
        {
            case (byte)'\\':
                _escaped = true;
                break;
            case (byte)'"':
                BeginAt(position);
                _inString = !_inString && !IsClosed;
                break;
            case (byte)'[' or (byte)'{':
                BeginAt(position);
                if (!IsClosed)
                    _depth++;
                break;
            case (byte)']' or (byte)'}':
                if (_depth == 1)
                    End(position, records);
                if (IsClosed)
                    Trailing ??= Line;
                _depth = Math.Max(0, _depth - 1);
                IsClosed |= _depth == 0;
                break;
            case (byte)',':
                if (_depth == 1)
                    End(position, records);
                else if (IsClosed)
                    Trailing ??= Line;
                break;
        }
    }

    private void End(int position, List<RecordSpan> records)
    {
        if (_start >= 0)
            records.Add(new RecordSpan(_start, position - _start, StartLine));
        _start = -1;
    }

    private void CountLine(byte unit)
    {
        if (unit == '\r' || (unit == '\n' && !_afterReturn))
            Line++;
        _afterReturn = unit == '\r';
    }
}
