using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Cuts a text into the pieces that the model sees one at a time.</summary>
internal interface IPieceSplitter
{
    /// <summary>Adds the pieces of <c>text[start..end]</c>, which is a text of its own to the splitter.</summary>
    void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces);
}
