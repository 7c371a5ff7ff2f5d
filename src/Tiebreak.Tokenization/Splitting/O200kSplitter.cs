using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>
/// The pattern of o200k_base and Mistral NeMo by hand. A word is an optional character in front (no line end, letter or number), letters
/// that are not lower-case, then letters that are not upper-case:
/// <c>[^\r\n\p{L}\p{N}]?U*L+(?i:'s|..)?|[^\r\n\p{L}\p{N}]?U+L*(?i:'s|..)?|\p{N}{1,3}|</c>
/// <c> ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// with U = <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c> and L = <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>.
/// </summary>
/// <param name="maxDigits">Digits that stand together: 3, or 1 for Mistral NeMo.</param>
/// <param name="keepsContractions">Whether a contraction belongs to the word before it; Mistral NeMo has none.</param>
internal sealed class O200kSplitter(int maxDigits, bool keepsContractions) : IPieceSplitter
{
    private const byte Known = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Space;
    private const int NoMatch = -1;

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
        var kind = CharacterClass.At(text, at, out var length);
        var next = at + length;
        if ((kind & CharacterClass.Number) != 0)
            return EndOfDigits(text, next, end);

        var mayLead = (kind & (CharacterClass.Letter | CharacterClass.LineEnd)) == 0;
        if (EndOfWord(text, at, next, end, mayLead) is var word and not NoMatch)
            return keepsContractions ? word + Contraction.LengthAt(text, word, end, ignoresCase: true) : word;
        if ((kind & CharacterClass.Space) == 0)
            return EndOfSymbols(text, next, end);
        if (text[at] == ' ' && next < end && (CharacterClass.At(text, next, out _) & Known) == 0)
            return EndOfSymbols(text, next, end);
        return WhiteSpaceRun.EndOf(text, at, end, breaksAtLineEnd: true);
    }

    /// <summary>
    /// The four ways in which the two word alternatives can match, in the order in which a backtracking engine finds them.
    /// </summary>
    private static int EndOfWord(ReadOnlySpan<byte> text, int at, int next, int end, bool mayLead)
    {
        var (afterLead, withLead) = mayLead ? LowerWord(text, next, end) : (NoMatch, NoMatch);
        if (afterLead != NoMatch)
            return afterLead;
        var (atOnce, withoutLead) = LowerWord(text, at, end);
        if (atOnce != NoMatch)
            return atOnce;
        return withLead != NoMatch ? withLead : withoutLead;
    }

    /// <summary>
    /// <c>U*L+</c> from a place. A run of U that no L follows gives characters back until one of them is an L too (a mark, or a letter
    /// without case).
    /// </summary>
    /// <returns>The end of the match, and the end of the run of U alone; <see cref="NoMatch"/> where there is none.</returns>
    private static (int Lower, int Upper) LowerWord(ReadOnlySpan<byte> text, int at, int end)
    {
        var (start, afterBoth) = (at, NoMatch);
        while (at < end)
        {
            var kind = CharacterClass.At(text, at, out var length);
            if ((kind & CharacterClass.Upper) == 0)
            {
                if ((kind & CharacterClass.Lower) != 0)
                    return (EndOfLower(text, at + length, end), NoMatch);
                break;
            }

            at += length;
            if ((kind & CharacterClass.Lower) != 0)
                afterBoth = at;
        }

        return (afterBoth, at > start ? at : NoMatch);
    }

    private static int EndOfLower(ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && (CharacterClass.At(text, at, out var length) & CharacterClass.Lower) != 0)
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
        while (at < end && (text[at] is (byte)'\r' or (byte)'\n' or (byte)'/'))
            at++;
        return at;
    }
}
