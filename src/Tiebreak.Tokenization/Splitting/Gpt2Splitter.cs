using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>GPT-2's pattern by hand: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
internal sealed class Gpt2Splitter : IPieceSplitter
{
    private const byte Known = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Space;

    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        while (start < end)
        {
            var stop = EndOf(text, start, end);
            pieces.Add(start, stop);
            start = stop;
        }
    }

    private static int EndOf(ReadOnlySpan<byte> text, int at, int end)
    {
        if (Contraction.LengthAt(text, at, end, ignoresCase: false) is var contraction and > 0)
            return at + contraction;

        var kind = (byte)(CharacterClass.At(text, at, out var length) & Known);
        if (text[at] == ' ' && at + 1 < end)
        {
            var next = (byte)(CharacterClass.At(text, at + 1, out var nextLength) & Known);
            if (next != CharacterClass.Space)
                return EndOfRun(text, at + 1 + nextLength, end, next);
        }

        return kind == CharacterClass.Space
            ? WhiteSpaceRun.EndOf(text, at, end, breaksAtLineEnd: false)
            : EndOfRun(text, at + length, end, kind);
    }

    private static int EndOfRun(ReadOnlySpan<byte> text, int at, int end, byte kind)
    {
        while (at < end && (CharacterClass.At(text, at, out var length) & Known) == kind)
            at += length;
        return at;
    }
}
