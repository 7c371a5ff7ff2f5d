using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Something that can be looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>Adds all matches in <c>text[start..end]</c>, which is a text of its own to the pattern, from left to right.</summary>
    void Find(ReadOnlySpan<byte> text, int start, int end, PieceList matches);
}
