using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Tiebreak.Text;

/// <summary>
/// Finds any of several phrases. Those in ASCII are sought many at a time by .NET's search; those with other characters, for which it knows
/// no fast way, by the first such character of each.
/// </summary>
/// <remarks>Written with the typewriter's apostrophe; the typographic one, which some chatbots write, is found too.</remarks>
internal sealed class Phrases
{
    private readonly SearchValues<string> _ascii;
    private readonly SearchValues<char> _anchors;
    private readonly FrozenDictionary<char, (string Phrase, int Offset)[]> _others;

    /// <param name="phrases">In lower case; none the beginning of another, so that at most one begins at any place.</param>
    public Phrases(string[] phrases)
    {
        All =
        [
            .. phrases,
            .. phrases.Where(phrase => phrase.Contains('\'', StringComparison.Ordinal)).Select(phrase => phrase.Replace('\'', '\u2019')),
        ];
        _ascii = SearchValues.Create([.. All.Where(phrase => Ascii.IsValid(phrase))], StringComparison.Ordinal);
        _others = All.Where(phrase => !Ascii.IsValid(phrase))
            .Select(phrase => (Phrase: phrase, Offset: phrase.AsSpan().IndexOfAnyExceptInRange('\0', '\u007F')))
            .GroupBy(phrase => phrase.Phrase[phrase.Offset]).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        _anchors = SearchValues.Create([.. _others.Keys]);
    }

    /// <summary>All phrases with both apostrophes.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>At how many places of a text a phrase begins.</summary>
    /// <param name="text">The text in lower case.</param>
    public int CountIn(ReadOnlySpan<char> text) => CountAscii(text) + CountOthers(text);

    private int CountAscii(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (text.IndexOfAny(_ascii) is var start and >= 0)
        {
            count++;
            text = text[(start + 1)..];
        }

        return count;
    }

    private int CountOthers(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; text[i..].IndexOfAny(_anchors) is var next and >= 0; i++)
        {
            i += next;
            foreach (var (phrase, offset) in _others[text[i]])
                count += i >= offset && text[(i - offset)..].StartsWith(phrase, StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
