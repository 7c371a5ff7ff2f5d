using System.Buffers;
using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// A <see cref="Charsmap"/> as the tokenizers library applies it: a grapheme cluster of under six bytes is replaced whole by the shortest
/// rule that it begins with, a longer one character by character. (SentencePiece itself takes the longest rule wherever it stands.)
/// </summary>
internal sealed class ClusterCharsmapTransform(Charsmap rules) : ITextTransform
{
    private const int MaxClusterBytes = 5;

    /// <summary>Characters between two of which a cluster always ends.</summary>
    private static readonly bool[] StandsAlone = CreateStandsAlone();

    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        var copied = from;
        for (var at = from; at < to;)
        {
            var codePoint = CodePoint.Decode(text, at, out var length);
            var next = at + length;
            if (!IsAlone(codePoint) || (next < to && !IsAlone(CodePoint.Decode(text, next, out _))))
            {
                target.Copy(source, copied, at);
                at = copied = ApplyRun(source, at, to, target);
                continue;
            }

            if (rules.OfCharacter(codePoint) is var rule and not Charsmap.None)
            {
                target.Copy(source, copied, at);
                target.Append(rules.Replacement(rule), source, at, next);
                copied = next;
            }

            at = next;
        }

        target.Copy(source, copied, to);
    }

    /// <summary>Takes the characters up to the next place where a cluster must end, cluster by cluster.</summary>
    private int ApplyRun(AlignedText source, int from, int to, AlignedText target)
    {
        var end = EndOfRun(source.Bytes, from, to);
        var units = ArrayPool<char>.Shared.Rent(end - from);
        ReadOnlySpan<char> rest = units.AsSpan(0, Encoding.UTF8.GetChars(source.Bytes[from..end], units));
        while (rest.Length > 0)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            var bytes = Encoding.UTF8.GetByteCount(rest[..length]);
            ApplyCluster(source, from, from + bytes, target);
            from += bytes;
            rest = rest[length..];
        }

        ArrayPool<char>.Shared.Return(units);
        return end;
    }

    private static int EndOfRun(ReadOnlySpan<byte> text, int at, int to)
    {
        var wasAlone = false;
        while (at < to)
        {
            var isAlone = IsAlone(CodePoint.Decode(text, at, out var length));
            if (isAlone && wasAlone)
                break;
            wasAlone = isAlone;
            at += length;
        }

        return at;
    }

    private void ApplyCluster(AlignedText source, int from, int to, AlignedText target)
    {
        if (to - from <= MaxClusterBytes && rules.Shortest(source.Bytes[from..to]) is var whole and not Charsmap.None)
        {
            AppendInStep(rules.Replacement(whole), source, from, to, target);
            return;
        }

        for (int at = from, length; at < to; at += length)
        {
            length = CodePoint.LengthOf(source.Bytes[at]);
            if (rules.Shortest(source.Bytes[at..(at + length)]) is var rule and not Charsmap.None)
                target.Append(rules.Replacement(rule), source, at, at + length);
            else
                target.Copy(source, at, at + length);
        }
    }

    /// <summary>Each new character stands for the old one at its place, the rest for the last.</summary>
    private static void AppendInStep(ReadOnlySpan<byte> text, AlignedText source, int from, int to, AlignedText target)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = CodePoint.LengthOf(text[at]);
            var end = from + CodePoint.LengthOf(source.Bytes[from]);
            target.Append(text.Slice(at, length), source, from, end);
            from = end < to ? end : from;
        }
    }

    private static bool IsAlone(int codePoint) => codePoint < StandsAlone.Length && StandsAlone[codePoint];

    private static bool[] CreateStandsAlone()
    {
        var table = new bool[0x10000];
        for (var unit = 0; unit < table.Length; unit++)
        {
            var isJamo = unit is (>= 0x1100 and < 0x1200) or (>= 0xA960 and < 0xA980) or (>= 0xD7B0 and < 0xD800);
            table[unit] = unit is not '\r' && !isJamo && !char.IsSurrogate((char)unit)
                && StringInfo.GetNextTextElementLength(['a', (char)unit]) == 1
                && StringInfo.GetNextTextElementLength([(char)unit, 'a']) == 1;
        }

        return table;
    }
}
