using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// SentencePiece's normaliser: replacement rules by longest match, runs of spaces folded, ▁ for spaces and before the text. User-defined
/// pieces are passed through.
/// </summary>
/// <param name="rules">The replacement rules, or null.</param>
/// <param name="userDefined">Pieces that no rule touches.</param>
/// <param name="addsPrefix">add_dummy_prefix</param>
/// <param name="foldsSpaces">remove_extra_whitespaces</param>
internal sealed class SentencePieceTransform(Charsmap? rules, ByteTrie? userDefined, bool addsPrefix, bool foldsSpaces) : ITextTransform
{
    private static ReadOnlySpan<byte> Space => "\u2581"u8;

    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        while (foldsSpaces && from < to && Next(text, from, to, out var consumed) is [(byte)' '])
            from += consumed;
        if (from == to)
            return;

        var begin = target.Length;
        if (addsPrefix)
            target.Append(Space, source, from, from);
        var afterSpace = foldsSpaces;
        while (from < to)
        {
            var next = Next(text, from, to, out var consumed);
            if (afterSpace)
                next = next.TrimStart((byte)' ');
            if (next.Length > 0)
                afterSpace = foldsSpaces && next[^1] == ' ';
            Write(next, source, from, from + consumed, target);
            from += consumed;
        }

        var end = source.IsAligned ? source.OriginalStart(to) : 0;
        while (foldsSpaces && target.Length > begin && target.Bytes[begin..].EndsWith(Space))
            end = target.Shorten(target.Length - Space.Length);

        target.EndWhereNextBegins(begin, end);
    }

    private static void Write(ReadOnlySpan<byte> text, AlignedText source, int from, int to, AlignedText target)
    {
        while (text.IndexOf((byte)' ') is var ahead and >= 0)
        {
            target.Append(text[..ahead], source, from, to);
            target.Append(Space, source, from, to);
            text = text[(ahead + 1)..];
        }

        target.Append(text, source, from, to);
    }

    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> text, int at, int to, out int consumed)
    {
        if (userDefined is not null && userDefined.Longest(text, at, to, out consumed) != ByteTrie.None)
            return text.Slice(at, consumed);

        var codePoint = CodePoint.Decode(text, at, out consumed);
        if (rules is null)
            return text.Slice(at, consumed);
        if (!rules.BeginsLonger(codePoint))
            return rules.OfCharacter(codePoint) is var rule and not Charsmap.None ? rules.Replacement(rule) : text.Slice(at, consumed);
        if (rules.Longest(text[at..to], out var length) is var longest and not Charsmap.None)
        {
            consumed = length;
            return rules.Replacement(longest);
        }

        return text.Slice(at, consumed);
    }
}
