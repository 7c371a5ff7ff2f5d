using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>
/// The pattern of cl100k_base, Llama 3 and Qwen 2 by hand:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
/// <param name="maxDigits">Digits that stand together: 3, or 1 for Qwen 2.</param>
internal sealed class Cl100kSplitter(int maxDigits) : IPieceSplitter
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

    private int EndOf(ReadOnlySpan<byte> text, int at, int end)
    {
        if (Contraction.LengthAt(text, at, end, ignoresCase: true) is var contraction and > 0)
            return at + contraction;

        var kind = CharacterClass.At(text, at, out var length);
        var next = at + length;
        if ((kind & CharacterClass.Letter) != 0)
            return EndOfLetters(text, next, end);
        if ((kind & CharacterClass.Number) != 0)
            return EndOfDigits(text, next, end);

        var nextKind = next < end ? CharacterClass.At(text, next, out _) : CharacterClass.Space;
        if ((nextKind & CharacterClass.Letter) != 0 && (kind & CharacterClass.LineEnd) == 0)
            return EndOfLetters(text, next, end);
        if ((kind & CharacterClass.Space) == 0)
            return EndOfSymbols(text, next, end);
        if (text[at] == ' ' && (nextKind & Known) == 0)
            return EndOfSymbols(text, next, end);
        return WhiteSpaceRun.EndOf(text, at, end, breaksAtLineEnd: true);
    }

    private static int EndOfLetters(ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && (CharacterClass.At(text, at, out var length) & CharacterClass.Letter) != 0)
            at += length;
        return at;
    }

    private int EndOfDigits(ReadOnlySpan<byte> text, int at, int end)
    {
        for (var count = 1; count < maxDigits && at < end
            && (CharacterClass.At(text, at, out var length) & CharacterClass.Number) != 0; count++)
        {
            at += length;
        }

        return at;
    }

    private static int EndOfSymbols(ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && (CharacterClass.At(text, at, out var length) & Known) == 0)
            at += length;
        while (at < end && (text[at] is (byte)'\r' or (byte)'\n'))
            at++;
        return at;
    }
}
