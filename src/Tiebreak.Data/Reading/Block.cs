using System.Buffers;

namespace Tiebreak.Data.Reading;

/// <summary>Some whole records of a file. Whoever parses it returns it to the pool.</summary>
/// <param name="buffer">Rented from the shared pool.</param>
/// <param name="length">Bytes in use.</param>
/// <param name="line">The line on which the text begins.</param>
internal sealed class Block(byte[] buffer, int length, long line)
{
    private readonly byte[] _buffer = buffer;
    private int _start;

    public ReadOnlySpan<byte> Text => _buffer.AsSpan(_start, length - _start);

    /// <summary>The records, where these are not lines: the elements of a JSON list. Null for a text of lines or CSV.</summary>
    public List<RecordSpan>? Records { get; init; }

    public long Line { get; private set; } = line;

    /// <summary>Takes bytes away from the beginning: whole records, such as the header.</summary>
    public void Skip(int bytes)
    {
        Line += LineBreaks.Count(Text[..bytes]);
        _start += bytes;
    }

    /// <summary>Where an offset into <see cref="Text"/> lies in the file: <c>line 17, column 5</c>.</summary>
    public string Place(int offset) => $"line {Line + LineBreaks.Count(Text[..offset])}, column {LineBreaks.Column(Text, offset)}";

    public void Return() => ArrayPool<byte>.Shared.Return(_buffer);
}

/// <summary>Where a record lies in its block.</summary>
/// <param name="Start">Its first byte, an offset into <see cref="Block.Text"/>.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Line">The line of the file on which it starts.</param>
internal readonly record struct RecordSpan(int Start, int Length, long Line);
