using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// BERT's cleaning in one pass over a table: control characters dropped, white space made spaces, ideographs isolated, accents stripped,
/// letters made small. Only a text with marks is taken the long way through NFD.
/// </summary>
internal sealed class BertTransform : ITextTransform
{
    private const int Dropped = -1;
    private const int Isolated = 1 << 30;

    private readonly int[] _map = new int[CodePoint.Count];
    private readonly Dictionary<int, int[]> _several = [];

    /// <summary>Creates the transformation.</summary>
    /// <param name="cleans">Drops control characters, makes white space spaces.</param>
    /// <param name="isolatesIdeographs">Puts spaces around CJK ideographs.</param>
    /// <param name="stripsAccents">NFD, then non-spacing marks dropped.</param>
    /// <param name="lowers">Makes letters small.</param>
    public BertTransform(bool cleans, bool isolatesIdeographs, bool stripsAccents, bool lowers)
    {
        var parts = new List<int>(CanonicalData.MaxParts);
        Span<int> whole = stackalloc int[CanonicalData.MaxParts];
        for (var codePoint = 0; codePoint < CodePoint.Count; codePoint++)
        {
            if (codePoint is >= 0xD800 and < 0xE000)
                continue;
            _map[codePoint] = codePoint;
            if (cleans && (codePoint is 0 or 0xFFFD || BertCharacters.IsControl(codePoint)))
            {
                _map[codePoint] = Dropped;
                continue;
            }

            if (cleans && CharacterClass.IsSpace(codePoint))
                _map[codePoint] = ' ';
            if (isolatesIdeographs && BertCharacters.IsIdeograph(codePoint))
                _map[codePoint] |= Isolated;
            if (_map[codePoint] != codePoint && (_map[codePoint] & Isolated) == 0)
                continue;

            parts.Clear();
            if (stripsAccents)
            {
                parts.AddRange(whole[..CanonicalData.Decompose(codePoint, whole)]);
                parts.RemoveAll(part => CharUnicodeInfo.GetUnicodeCategory(part) is UnicodeCategory.NonSpacingMark);
            }
            else
            {
                parts.Add(codePoint);
            }

            if (lowers)
                Lower(parts);
            Keep(codePoint, parts, _map[codePoint] & Isolated);
        }
    }

    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        for (int at = from, length; at < to; at += length)
        {
            var codePoint = CodePoint.Decode(text, at, out length);
            var mapped = _map[codePoint];
            if (mapped == Dropped)
                continue;
            if ((mapped & Isolated) != 0)
                target.Append(' ', source, at, at + length);
            if (_several.TryGetValue(codePoint, out var several) && codePoint >= 0x80)
            {
                foreach (var part in several)
                    target.Append(part, source, at, at + length);
            }
            else
            {
                target.Append(mapped & ~Isolated, source, at, at + length);
            }

            if ((mapped & Isolated) != 0)
                target.Append(' ', source, at, at + length);
        }
    }

    private static void Lower(List<int> parts)
    {
        const int DottedCapitalI = 0x130;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] == DottedCapitalI)
            {
                parts[i] = 'i';
                parts.Insert(i + 1, 0x307);
            }
            else
            {
                parts[i] = Rune.ToLowerInvariant(new Rune(parts[i])).Value;
            }
        }
    }

    private void Keep(int codePoint, List<int> parts, int flag)
    {
        if (parts.Count == 1)
            _map[codePoint] = parts[0] | flag;
        else if (parts.Count == 0)
            _map[codePoint] = Dropped;
        else
            _several[codePoint] = [.. parts];
    }
}
