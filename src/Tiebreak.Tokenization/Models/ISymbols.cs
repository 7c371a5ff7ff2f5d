using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Models;

/// <summary>What merging begins with, and what becomes of a symbol that is no token in the end.</summary>
internal interface ISymbols
{
    /// <summary>Cuts <c>text[start..end]</c> into symbols.</summary>
    /// <returns>How many there are.</returns>
    int Read(ReadOnlySpan<byte> text, int start, int end, Span<int> ids, Span<int> ends);

    /// <summary>Adds the token or tokens of a symbol that merging has left.</summary>
    void Write(ReadOnlySpan<byte> text, int id, int start, int end, TokenList tokens);
}
