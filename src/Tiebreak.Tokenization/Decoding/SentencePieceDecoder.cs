using System.Text;

namespace Tiebreak.Tokenization.Decoding;

/// <summary>SentencePiece's own way back: control pieces vanish, ▁ becomes a space but for the one that was put before the text.</summary>
/// <param name="control">Whether a piece is a control piece.</param>
/// <param name="unknown">The unknown piece, shown as ⁇.</param>
/// <param name="dropsPrefix">Whether the text was given a ▁ or stripped of spaces.</param>
/// <param name="foldsSpaces">Whether every leading ▁ goes.</param>
internal sealed class SentencePieceDecoder(Func<string, bool> control, string unknown, bool dropsPrefix, bool foldsSpaces) : ITokenDecoder
{
    private const char Mark = '\u2581';

    public List<string> Decode(List<string> tokens)
    {
        var (text, bytes, isBegin) = (new StringBuilder(), new List<byte>(), true);
        foreach (var token in tokens)
        {
            if (ByteFallbackDecoder.ByteOf(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, text);
            isBegin = isBegin && text.Length == 0;
            if (control(token))
                continue;
            if (string.Equals(token, unknown, StringComparison.Ordinal))
            {
                text.Append(" \u2047 ");
                continue;
            }

            var drops = isBegin && dropsPrefix && token.StartsWith(Mark);
            text.Append(token.AsSpan(drops ? 1 : 0).ToString().Replace(Mark, ' '));
            isBegin = isBegin && (!drops || foldsSpaces);
        }

        Flush(bytes, text);
        return [text.ToString()];
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        text.Append(Encoding.UTF8.GetString([.. bytes]));
        bytes.Clear();
    }
}
