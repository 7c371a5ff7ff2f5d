using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Models;

/// <summary>
/// The unigram language model (Kudo 2018, https://arxiv.org/abs/1804.10959): of all ways to cut a text into known pieces the one with the
/// highest sum of log probabilities, found by Viterbi over a trie.
/// </summary>
/// <param name="trie">The pieces, with their ids.</param>
/// <param name="scores">The score of every id.</param>
/// <param name="unknown">Id of the unknown token.</param>
/// <param name="unknownScore">What a character that no piece covers costs.</param>
/// <param name="bytes">Ids of the 256 byte tokens, or null where there is no byte fallback.</param>
/// <param name="roundsToFloat">
/// Keeps the best score of every place as a float, as SentencePiece does, while candidates are compared as doubles. It decides between
/// ties.
/// </param>
internal sealed class UnigramModel(ByteTrie trie, double[] scores, int unknown, double unknownScore, int[]? bytes, bool roundsToFloat)
    : ISubwordModel
{
    public void Encode(byte[] text, int start, int end, Workspace workspace)
    {
        var length = end - start;
        var best = workspace.Scores(length + 1);
        var (froms, ids) = workspace.Links(length + 1);
        froms.Fill(-1);
        best[0] = 0;
        for (var at = 0; at < length;)
        {
            var width = CodePoint.LengthOf(text[start + at]);
            if (!TakePieces(text, start, at, length, width, best, froms, ids))
            {
                Offer(
                    roundsToFloat ? (float)(unknownScore + best[at]) : unknownScore + best[at], at, at + width, unknown, best, froms, ids);
            }

            at += width;
        }

        // The path is found from its end; it is turned around in the row of symbols.
        var (pathIds, pathEnds) = workspace.Symbols(length);
        var count = 0;
        for (var at = length; at > 0; at = froms[at])
        {
            pathIds[count] = ids[at];
            pathEnds[count++] = at;
        }

        for (var from = 0; count-- > 0; from = pathEnds[count])
            Write(text, pathIds[count], start + from, start + pathEnds[count], workspace.Tokens);
    }

    private bool TakePieces(
        byte[] text, int start, int at, int length, int width, Span<double> best, Span<int> froms, Span<int> ids)
    {
        var (hasWidth, score, node) = (false, best[at], ByteTrie.Root);
        for (var to = at; to < length;)
        {
            node = trie.Step(node, text[start + to]);
            if (node == ByteTrie.None)
                break;
            to++;
            var id = trie.ValueAt(node);
            if (id == ByteTrie.None)
                continue;
            Offer(scores[id] + score, at, to, id, best, froms, ids);
            hasWidth |= to - at == width;
        }

        return hasWidth;
    }

    private void Offer(double candidate, int from, int to, int id, Span<double> best, Span<int> froms, Span<int> ids)
    {
        if (froms[to] >= 0 && candidate <= best[to])
            return;
        best[to] = roundsToFloat ? (float)candidate : candidate;
        froms[to] = from;
        ids[to] = id;
    }

    private static bool HasTokens(ReadOnlySpan<byte> text, int[] bytes)
    {
        foreach (var value in text)
        {
            if (bytes[value] < 0)
                return false;
        }

        return true;
    }

    private void Write(byte[] text, int id, int start, int end, TokenList tokens)
    {
        if (id == unknown && bytes is not null && HasTokens(text.AsSpan(start, end - start), bytes))
        {
            for (var i = start; i < end; i++)
                tokens.Add(bytes[text[i]], i, i + 1);
        }
        else if (id != unknown || !tokens.TryExtend(unknown, end))
        {
            tokens.Add(id, start, end);
        }
    }
}
