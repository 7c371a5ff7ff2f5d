using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Models;

/// <summary>
/// WordPiece as BERT applies it (Devlin et al. 2018, https://arxiv.org/abs/1810.04805): the longest known beginning, then the longest known
/// continuation; a word that cannot be finished is one unknown token.
/// </summary>
/// <param name="beginnings">Pieces that begin a word.</param>
/// <param name="continuations">Pieces that go on with one, without their prefix.</param>
/// <param name="unknown">Id of the unknown token.</param>
/// <param name="maxCharacters">Longer words are unknown.</param>
internal sealed class WordPieceModel(ByteTrie beginnings, ByteTrie continuations, int unknown, int maxCharacters) : ISubwordModel
{
    public void Encode(byte[] text, int start, int end, Workspace workspace)
    {
        if (IsTooLong(text, start, end))
        {
            workspace.Tokens.Add(unknown, start, end);
            return;
        }

        var (ids, ends) = workspace.Symbols(end - start);
        var count = 0;
        for (var at = start; at < end; count++)
        {
            var id = (count == 0 ? beginnings : continuations).Longest(text, at, end, out var length);
            if (id == ByteTrie.None)
            {
                workspace.Tokens.Add(unknown, start, end);
                return;
            }

            at += length;
            (ids[count], ends[count]) = (id, at);
        }

        for (var i = 0; i < count; i++)
            workspace.Tokens.Add(ids[i], i == 0 ? start : ends[i - 1], ends[i]);
    }

    private bool IsTooLong(byte[] text, int start, int end)
    {
        if (end - start <= maxCharacters)
            return false;
        var characters = 0;
        for (var at = start; at < end; at += CodePoint.LengthOf(text[at]))
            characters++;
        return characters > maxCharacters;
    }
}
