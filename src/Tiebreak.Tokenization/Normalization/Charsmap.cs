using System.Buffers.Binary;
using Tiebreak.Core;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// SentencePiece's compiled replacement rules (precompiled_charsmap): the size of a Darts-clone double array in bytes, the array, then the
/// replacements, each ended by a zero byte. https://github.com/google/sentencepiece/blob/master/doc/normalization.md
/// </summary>
internal sealed class Charsmap
{
    /// <summary>No rule.</summary>
    public const int None = -1;

    private const int Plane = 0x10000;

    private readonly uint[] _units;
    private readonly byte[] _replacements;
    private readonly int[] _ofOne = new int[Plane];
    private readonly bool[] _beginsLonger = new bool[Plane];

    /// <summary>Reads the rules.</summary>
    /// <exception cref="InputException">They are damaged.</exception>
    public Charsmap(ReadOnlySpan<byte> blob, string path)
    {
        var size = blob.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(blob);
        if (size < 4 || size % 4 != 0 || size > blob.Length - 4 || (size < blob.Length - 4 && blob[^1] != 0))
            throw new InputException($"{path}: the precompiled_charsmap is damaged. Download the file again.");

        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(4 + (4 * i))..]);
        _replacements = [.. blob[(4 + (int)size)..], 0];
        Tabulate();
    }

    /// <summary>The rule for exactly this character of the basic plane, or <see cref="None"/>.</summary>
    public int OfCharacter(int codePoint) => codePoint < Plane ? _ofOne[codePoint] : OfRare(codePoint);

    /// <summary>Whether a rule begins with this character and goes on.</summary>
    public bool BeginsLonger(int codePoint) => codePoint >= Plane || _beginsLonger[codePoint];

    /// <summary>What a rule puts in place.</summary>
    public ReadOnlySpan<byte> Replacement(int rule)
    {
        var rest = _replacements.AsSpan(rule);
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>The shortest rule that a text begins with, or <see cref="None"/>.</summary>
    public int Shortest(ReadOnlySpan<byte> text) => Walk(text, stopAtFirst: true, out _);

    /// <summary>The longest rule that a text begins with, or <see cref="None"/>.</summary>
    public int Longest(ReadOnlySpan<byte> text, out int length) => Walk(text, stopAtFirst: false, out length);

    private int Walk(ReadOnlySpan<byte> text, bool stopAtFirst, out int length)
    {
        var (rule, node) = (None, Offset(_units[0]));
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!TryStep(ref node, text[i], out var value))
                break;
            if (value == None)
                continue;
            (rule, length) = (value, i + 1);
            if (stopAtFirst)
                break;
        }

        return rule;
    }

    private bool TryStep(ref uint node, byte next, out int value)
    {
        value = None;
        node ^= next;
        if (node >= _units.Length || (_units[node] & 0x800000FF) != next)
            return false;
        var unit = _units[node];
        node ^= Offset(unit);
        if ((unit & 0x100) != 0 && node < _units.Length && (_units[node] & 0x7FFFFFFF) is var place && place < _replacements.Length)
            value = (int)place;
        return node < _units.Length;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private int OfRare(int codePoint)
    {
        Span<byte> bytes = stackalloc byte[4];
        return Walk(bytes[..CodePoint.Encode(codePoint, bytes)], stopAtFirst: true, out _);
    }

    private void Tabulate()
    {
        Span<byte> bytes = stackalloc byte[4];
        Array.Fill(_ofOne, None);
        for (var codePoint = 0; codePoint < Plane; codePoint++)
        {
            if (codePoint is >= 0xD800 and < 0xE000)
                continue;
            var text = bytes[..CodePoint.Encode(codePoint, bytes)];
            _ofOne[codePoint] = Walk(text, stopAtFirst: true, out _);
            var node = Offset(_units[0]);
            var isInside = true;
            foreach (var next in text)
                isInside = isInside && TryStep(ref node, next, out _);
            for (var next = 1; isInside && next < 256 && !_beginsLonger[codePoint]; next++)
            {
                var probe = node;
                _beginsLonger[codePoint] = TryStep(ref probe, (byte)next, out _);
            }
        }
    }
}
