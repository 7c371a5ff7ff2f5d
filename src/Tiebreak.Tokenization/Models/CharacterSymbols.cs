using System.Buffers;
using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Models;

/// <summary>Every character is a symbol; one that the vocabulary lacks becomes its bytes in the end, or the unknown token.</summary>
internal sealed class CharacterSymbols : ISymbols
{
    /// <summary>A character that the vocabulary lacks; it merges with nothing.</summary>
    private const int Missing = int.MaxValue;

    /// <summary>Ids from here on are frozen pieces: they merge with nothing.</summary>
    private const int Frozen = 1 << 30;

    private readonly int[] _ofPlane = new int[0x10000];
    private readonly Dictionary<int, int> _ofRare = [];
    private readonly int[]? _bytes;
    private readonly SearchValues<byte> _withoutToken;
    private readonly int _unknown;
    private readonly bool _fusesUnknown;
    private readonly ByteTrie? _frozen;

    /// <summary>Creates the symbols.</summary>
    /// <param name="characters">Code points that are tokens, with their ids.</param>
    /// <param name="bytes">Ids of the 256 byte tokens (-1: none), or null where there is no byte fallback.</param>
    /// <param name="unknown">Id of the unknown token, or -1 where such characters are left out.</param>
    /// <param name="fusesUnknown">Whether unknown characters in a row are one token.</param>
    /// <param name="frozen">Pieces that stand as they are (SentencePiece's user-defined ones).</param>
    public CharacterSymbols(
        IEnumerable<KeyValuePair<int, int>> characters, int[]? bytes, int unknown, bool fusesUnknown, ByteTrie? frozen = null)
    {
        Array.Fill(_ofPlane, Missing);
        foreach (var (codePoint, id) in characters)
        {
            if (codePoint < _ofPlane.Length)
                _ofPlane[codePoint] = id;
            else
                _ofRare[codePoint] = id;
        }

        _withoutToken = SearchValues.Create([.. Enumerable.Range(0, 256)
            .Where(value => bytes is not null && bytes[value] < 0)
            .Select(value => (byte)value)]);
        (_bytes, _unknown, _fusesUnknown, _frozen) = (bytes, unknown, fusesUnknown, frozen);
    }

    public int Read(ReadOnlySpan<byte> text, int start, int end, Span<int> ids, Span<int> ends)
    {
        var count = 0;
        for (var at = start; at < end; count++)
        {
            if (_frozen is not null && _frozen.Longest(text, at, end, out var length) is var piece and not ByteTrie.None)
            {
                ids[count] = piece | Frozen;
            }
            else
            {
                var codePoint = CodePoint.Decode(text, at, out length);
                ids[count] = codePoint < _ofPlane.Length ? _ofPlane[codePoint] : _ofRare.GetValueOrDefault(codePoint, Missing);
            }

            at += length;
            ends[count] = at;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> text, int id, int start, int end, TokenList tokens)
    {
        if (id != Missing)
        {
            tokens.Add(id & ~Frozen, start, end);
        }
        else if (_bytes is not null && !text[start..end].ContainsAny(_withoutToken))
        {
            for (var i = start; i < end; i++)
                tokens.Add(_bytes[text[i]], i, i + 1);
        }
        else if (_unknown >= 0 && !(_fusesUnknown && tokens.TryExtend(_unknown, end)))
        {
            tokens.Add(_unknown, start, end);
        }
    }
}
