using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Byte-pair models out of what the different files hold: merges by name, ranks, scores.</summary>
internal static class BytePairBuilder
{
    /// <summary>A model over bytes, whose tokens are written in the byte alphabet.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="takesWhole">Whether a piece that is a token is taken before any merging.</param>
    public static BytePairModel OverBytes(
        IReadOnlyCollection<KeyValuePair<string, int>> tokens, IReadOnlyCollection<Merge> merges, bool takesWhole)
    {
        var ids = new int[256];
        Array.Fill(ids, ByteSymbols.Missing);
        var whole = new List<KeyValuePair<byte[], int>>(takesWhole ? tokens.Count : 0);
        foreach (var (token, id) in tokens)
        {
            if (ByteAlphabet.Decode(token) is not { Length: > 0 } bytes)
                continue;
            if (bytes.Length == 1)
                ids[bytes[0]] = id;
            if (takesWhole)
                whole.Add(KeyValuePair.Create(bytes, id));
        }

        return new BytePairModel(
            new ByteSymbols(ids), new MergeEngine(new PairTable(merges, ids.Min())), takesWhole ? new ByteMap(whole) : null);
    }

    /// <summary>The tokens of one character, by code point.</summary>
    public static IEnumerable<KeyValuePair<int, int>> Characters(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        foreach (var (token, id) in tokens)
        {
            if (token.Length is 1 or 2 && Rune.DecodeFromUtf16(token, out var rune, out var units) is System.Buffers.OperationStatus.Done
                && units == token.Length)
            {
                yield return KeyValuePair.Create(rune.Value, id);
            }
        }
    }

    /// <summary>
    /// The ids of the tokens &lt;0x00&gt; to &lt;0xFF&gt;, -1 for one that is missing (Gemma has none for the tab, which is a token
    /// itself).
    /// </summary>
    public static int[] ByteTokens(Func<string, int?> idOf)
    {
        var ids = new int[256];
        for (var i = 0; i < 256; i++)
            ids[i] = idOf(string.Create(CultureInfo.InvariantCulture, $"<0x{i:X2}>")) ?? -1;
        return ids;
    }

    /// <summary>Whether no character can be unknown: every byte has a token, or is a character that has one.</summary>
    public static bool CoverEverything(int[]? bytes, Func<string, int?> idOf)
    {
        for (var i = 0; bytes is not null && i < 256; i++)
        {
            if (bytes[i] < 0 && (i >= 0x80 || idOf($"{(char)i}") is null))
                return false;
        }

        return bytes is not null;
    }

    /// <summary>
    /// Merges of a vocabulary without any: two tokens merge where together they are a token, in the order of that token's rank. So do
    /// tiktoken and SentencePiece.
    /// </summary>
    /// <param name="tokens">Tokens as bytes, with their ids.</param>
    /// <param name="rankOf">The rank of an id.</param>
    public static List<Merge> MergesOf(IReadOnlyCollection<KeyValuePair<byte[], int>> tokens, Func<int, int> rankOf)
    {
        var ids = new ByteMap(tokens);
        var merges = new List<Merge>(2 * tokens.Count);
        foreach (var (token, id) in tokens)
        {
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (ids.Find(token.AsSpan(0, cut)) is var left and not ByteMap.None
                    && ids.Find(token.AsSpan(cut)) is var right and not ByteMap.None)
                {
                    merges.Add(new Merge(left, right, rankOf(id), id));
                }
            }
        }

        return merges;
    }
}
