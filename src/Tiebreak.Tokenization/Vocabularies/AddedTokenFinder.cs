using System.Buffers;
using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Vocabularies;

/// <summary>
/// Finds added tokens in a text, leftmost and then longest first, as the tokenizers library does: a special token that must not be parsed
/// still hides what begins inside it.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedToken[] _tokens;
    private readonly ByteTrie _trie;
    private readonly SearchValues<byte> _firstBytes;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _tokens = [.. tokens.Where(token => token.Content.Length > 0)];
        var keys = _tokens.Select((token, index) => KeyValuePair.Create(Encoding.UTF8.GetBytes(token.Content), index)).ToList();
        _trie = new ByteTrie(keys);
        _firstBytes = SearchValues.Create([.. keys.Select(key => key.Key[0]).Distinct()]);
    }

    public bool IsEmpty => _tokens.Length == 0;

    /// <summary>The next added token in <c>text[from..end]</c>.</summary>
    /// <param name="text">All of the text.</param>
    /// <param name="from">Where the search begins: what lies before is taken already.</param>
    /// <param name="end">Where the text ends.</param>
    /// <param name="parseSpecial">Whether special tokens are found.</param>
    /// <param name="start">Where the token and the white space that it takes begins.</param>
    /// <param name="stop">Where it ends.</param>
    /// <returns>The token, or null where there is none.</returns>
    public AddedToken? Next(ReadOnlySpan<byte> text, int from, int end, bool parseSpecial, out int start, out int stop)
    {
        for (var at = from; at < end;)
        {
            var ahead = text[at..end].IndexOfAny(_firstBytes);
            if (ahead < 0)
                break;
            at += ahead;
            var index = _trie.Longest(text, at, end, out var length);
            if (index == ByteTrie.None)
            {
                at++;
                continue;
            }

            var token = _tokens[index];
            if ((token.IsSpecial && !parseSpecial) || (token.IsSingleWord && TouchesWord(text, from, at, at + length, end)))
            {
                at += length;
                continue;
            }

            start = token.StripsLeft ? StartOfSpace(text, from, at) : at;
            stop = token.StripsRight ? EndOfSpace(text, at + length, end) : at + length;
            return token;
        }

        start = stop = end;
        return null;
    }

    private static bool TouchesWord(ReadOnlySpan<byte> text, int from, int start, int stop, int end) =>
        (start > from && IsWord(CodePoint.Decode(text, CodePoint.StartOfLast(text, start), out _)))
        || (stop < end && IsWord(CodePoint.Decode(text, stop, out _)));

    private static bool IsWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) is <= UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    private static int StartOfSpace(ReadOnlySpan<byte> text, int from, int at)
    {
        while (at > from)
        {
            var last = CodePoint.StartOfLast(text, at);
            if (!CharacterClass.IsSpace(CodePoint.Decode(text, last, out _)))
                break;
            at = last;
        }

        return at;
    }

    private static int EndOfSpace(ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && CharacterClass.IsSpace(CodePoint.Decode(text, at, out var length)))
            at += length;
        return at;
    }
}
