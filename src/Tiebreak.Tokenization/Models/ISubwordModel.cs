using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Models;

/// <summary>Turns a piece of text into tokens. Safe to call from many threads with a workspace each.</summary>
internal interface ISubwordModel
{
    /// <summary>Adds the tokens of <c>text[start..end]</c>, with their places in the text.</summary>
    /// <param name="text">The prepared text; some readable bytes follow its end.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="workspace">Memory to work with; the tokens go to its list.</param>
    void Encode(byte[] text, int start, int end, Workspace workspace);
}
