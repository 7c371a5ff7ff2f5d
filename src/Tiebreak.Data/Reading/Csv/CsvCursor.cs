using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Data.Reading.Csv;

/// <summary>Walks over the records of CSV text (RFC 4180, any line end), strictly, without copying anything.</summary>
/// <param name="text">Whole records; only the last one may lack its line end.</param>
/// <param name="line">The line on which the text begins.</param>
/// <param name="maxRecordBytes">The largest record.</param>
/// <param name="separator">What stands between fields: one of <see cref="Separators"/>.</param>
internal ref struct CsvCursor(ReadOnlySpan<byte> text, long line, int maxRecordBytes, byte separator = (byte)',')
{
    private const int WindowBytes = 32;

    private readonly ReadOnlySpan<byte> _text = text;
    private long _line = line; // at the position
    private int _window = -WindowBytes; // where the bytes start whose marks are known
    private uint _marks; // a bit for every separator, quote and line end in them that has not been passed

    /// <summary>What may stand between fields, the usual one first.</summary>
    public static ReadOnlySpan<byte> Separators => ",;\t|"u8;

    /// <summary>The largest record.</summary>
    public int MaxRecordBytes { get; } = maxRecordBytes;

    /// <summary>What stands between fields.</summary>
    public byte Separator { get; } = separator;

    /// <summary>The offset behind the last record.</summary>
    public int Position { get; private set; }

    /// <summary>Where the last record starts.</summary>
    public int RecordStart { get; private set; }

    /// <summary>The line on which the last record starts.</summary>
    public long RecordLine { get; private set; } = line;

    /// <summary>What stopped the walk, and where.</summary>
    public CsvFault Fault { get; private set; }

    /// <summary>The offset of what is wrong.</summary>
    public int FaultOffset { get; private set; }

    /// <summary>The offset where the field that is wrong starts.</summary>
    public int FaultField { get; private set; }

    /// <summary>Finds the fields of the next record; blank lines are skipped.</summary>
    /// <param name="fields">Takes the fields, as many as it has room for.</param>
    /// <param name="count">The number of fields that there are.</param>
    /// <returns>False at the end of the text or at a fault.</returns>
    public bool Next(Span<CsvField> fields, out int count)
    {
        count = 0;
        for (; Position < _text.Length && _text[Position] is (byte)'\n' or (byte)'\r'; Position++)
            _line += _text[Position] == '\n' && Position > 0 && _text[Position - 1] == '\r' ? 0 : 1; // CRLF is one
        RecordLine = _line;
        RecordStart = Position;
        if (Position == _text.Length)
            return false;

        while (true)
        {
            if (!NextField(out var field))
                return false;
            if (count < fields.Length)
                fields[count] = field;
            count++;
            if (Position == _text.Length)
                return IsSmallEnough(Position);
            if (_text[Position++] == Separator)
                continue;

            // A line end; CRLF is one.
            if (_text[Position - 1] == '\r' && Position < _text.Length && _text[Position] == '\n')
                Position++;
            _line++;
            return IsSmallEnough(Position);
        }
    }

    /// <summary>Reads a field and stops at the separator or line end behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NextField(out CsvField field)
    {
        var start = Position;
        if (start < _text.Length && _text[start] == '"')
            return NextQuotedField(start, out field);

        Position = NextMark(start);
        field = new CsvField(start, Position - start, HasQuotes: false);
        return Position == _text.Length || _text[Position] != '"' || Fail(CsvFault.QuoteInUnquotedField, Position, start);
    }

    private bool NextQuotedField(int start, out CsvField field)
    {
        var hasQuotes = false;
        var position = start + 1;
        while (true)
        {
            var quote = _text[position..].IndexOf((byte)'"');
            if (quote < 0)
            {
                field = default;
                return Fail(CsvFault.UnclosedQuote, start, start);
            }

            position += quote + 1;
            if (position == _text.Length || _text[position] != '"')
                break;
            hasQuotes = true;
            position++;
        }

        Position = position;
        field = new CsvField(start + 1, position - start - 2, hasQuotes);
        _line += LineBreaks.Count(field.Raw(_text));
        return position == _text.Length || _text[position] == Separator || _text[position] is (byte)'\n' or (byte)'\r'
            || Fail(CsvFault.TextAfterQuote, position, start);
    }

    /// <summary>The offset of the next separator, quote or line end, or the end of the text.</summary>
    /// <remarks>Most fields of votes have few bytes, so that one look at 32 bytes finds the ends of several.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextMark(int start)
    {
        var passed = start - _window;
        if (passed < WindowBytes)
            _marks &= uint.MaxValue << passed;
        else
            LookAt(start);
        while (_marks == 0)
        {
            if (_window + WindowBytes >= _text.Length)
                return _text.Length;
            LookAt(_window + WindowBytes);
        }

        return _window + BitOperations.TrailingZeroCount(_marks);
    }

    private void LookAt(int window)
    {
        var rest = _text[window..];
        if (rest.Length < WindowBytes)
        {
            Span<byte> padded = stackalloc byte[WindowBytes];
            padded.Clear();
            rest.CopyTo(padded);
            _marks = MarksIn(Vector256.Create<byte>(padded));
        }
        else
        {
            _marks = MarksIn(Vector256.Create(rest));
        }

        _window = window;
    }

    private readonly uint MarksIn(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create(Separator)) | Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\n')) | Vector256.Equals(bytes, Vector256.Create((byte)'\r')))
        .ExtractMostSignificantBits();

    private bool Fail(CsvFault fault, int offset, int field)
    {
        // What lies behind the limit may not be in this text, so it must not make a difference.
        if (IsSmallEnough(fault == CsvFault.UnclosedQuote ? _text.Length : offset))
            (Fault, FaultOffset, FaultField) = (fault, offset, field);
        return false;
    }

    private bool IsSmallEnough(int end)
    {
        if (end - RecordStart <= MaxRecordBytes)
            return true;
        Fault = CsvFault.TooLarge;
        return false;
    }
}
