using System.Text.Unicode;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// UTF-8 text in a buffer that is used again and again, and, where asked for, the place in the original text (UTF-16 units) that every byte
/// came from. The buffer always has <see cref="Slack"/> readable bytes behind the text, so that words can be read eight bytes at a time.
/// </summary>
internal sealed class AlignedText
{
    /// <summary>Readable bytes behind the text.</summary>
    public const int Slack = 32;

    private byte[] _bytes = new byte[256];
    private int[] _starts = [];
    private int[] _ends = [];

    /// <summary>Bytes of text.</summary>
    public int Length { get; private set; }

    /// <summary>Whether places in the original text are kept.</summary>
    public bool IsAligned { get; private set; }

    /// <summary>Whether the text begins where the original text begins.</summary>
    public bool IsAtStart { get; private set; }

    /// <summary>The text with its slack.</summary>
    public byte[] Buffer => _bytes;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Bytes of memory held.</summary>
    public long Footprint => _bytes.Length + (8L * _starts.Length);

    public void Clear(bool isAligned, bool isAtStart)
    {
        Length = 0;
        IsAtStart = isAtStart;
        IsAligned = isAligned;
    }

    /// <summary>Takes over a text; every unpaired surrogate becomes U+FFFD.</summary>
    public void Load(ReadOnlySpan<char> text, bool isAligned)
    {
        Clear(isAligned, isAtStart: true);
        Reserve(checked(text.Length * 3));
        Utf8.FromUtf16(text, _bytes, out _, out var length, replaceInvalidSequences: true, isFinalBlock: true);
        Length = length;
        if (isAligned)
            AlignWith(text.Length);
    }

    /// <summary>Appends a part of another text as it is.</summary>
    public void Copy(AlignedText source, int from, int to)
    {
        var length = to - from;
        Reserve(length);
        source._bytes.AsSpan(from, length).CopyTo(_bytes.AsSpan(Length));
        if (IsAligned)
        {
            source._starts.AsSpan(from, length).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(from, length).CopyTo(_ends.AsSpan(Length));
        }

        Length += length;
    }

    /// <summary>Appends bytes that stand for <c>source[from..to]</c>.</summary>
    public void Append(ReadOnlySpan<byte> bytes, AlignedText source, int from, int to)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        if (IsAligned)
        {
            _starts.AsSpan(Length, bytes.Length).Fill(source.OriginalStart(from));
            _ends.AsSpan(Length, bytes.Length).Fill(to > from ? source.OriginalEnd(to - 1) : source.OriginalStart(from));
        }

        Length += bytes.Length;
    }

    /// <summary>Appends a character that stands for <c>source[from..to]</c>.</summary>
    public void Append(int codePoint, AlignedText source, int from, int to)
    {
        Span<byte> bytes = stackalloc byte[4];
        Append(bytes[..CodePoint.Encode(codePoint, bytes)], source, from, to);
    }

    /// <summary>Drops the end of the text.</summary>
    /// <returns>Where in the original text that end began; 0 where places are not kept.</returns>
    public int Shorten(int length)
    {
        Length = length;
        return IsAligned ? _starts[length] : 0;
    }

    /// <summary>
    /// Lets everything end where the next thing begins, as SentencePiece counts: what has no text of its own ends where it begins.
    /// </summary>
    /// <param name="from">The first byte to change.</param>
    /// <param name="end">Where in the original text the last one ends.</param>
    public void EndWhereNextBegins(int from, int end)
    {
        if (!IsAligned)
            return;
        for (var i = from; i < Length; i++)
            _ends[i] = i + 1 < Length ? _starts[i + 1] : end;
    }

    /// <summary>Where in the original text the byte's character begins; the end of the text has a place as well.</summary>
    public int OriginalStart(int index) => index < Length ? _starts[index] : Length == 0 ? 0 : _ends[Length - 1];

    /// <summary>Where in the original text the byte's character ends.</summary>
    public int OriginalEnd(int index) => _ends[index];

    private void Reserve(int more)
    {
        var needed = checked(Length + more + Slack);
        if (_bytes.Length < needed)
            Array.Resize(ref _bytes, Math.Max(needed, (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        if (IsAligned && _starts.Length < _bytes.Length)
        {
            Array.Resize(ref _starts, _bytes.Length);
            Array.Resize(ref _ends, _bytes.Length);
        }
    }

    private void AlignWith(int units)
    {
        Reserve(0);
        var unit = 0;
        for (var i = 0; i < Length;)
        {
            var length = CodePoint.LengthOf(_bytes[i]);
            var end = unit + (length == 4 ? 2 : 1);
            _starts.AsSpan(i, length).Fill(unit);
            _ends.AsSpan(i, length).Fill(end);
            i += length;
            unit = end;
        }

        System.Diagnostics.Debug.Assert(unit == units, "every unit is part of one character");
    }
}
