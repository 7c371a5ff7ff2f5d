using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Models;

/// <summary>Byte-pair encoding over bytes (GPT-2 and its descendants) or over characters (SentencePiece).</summary>
/// <param name="symbols">Cuts a piece into the symbols that merging begins with.</param>
/// <param name="engine">Merges them.</param>
/// <param name="whole">Looks a whole piece up before any merging (ignore_merges, tiktoken); null where merging always decides.</param>
internal sealed class BytePairModel(ISymbols symbols, MergeEngine engine, ByteMap? whole) : ISubwordModel
{
    public void Encode(byte[] text, int start, int end, Workspace workspace)
    {
        if (whole is not null && whole.Find(text.AsSpan(start, end - start)) is var id and not ByteMap.None)
        {
            workspace.Tokens.Add(id, start, end);
            return;
        }

        var (ids, ends) = workspace.Symbols(end - start);
        var count = engine.Run(ids, ends, symbols.Read(text, start, end, ids, ends), workspace);
        for (var i = 0; i < count; i++)
        {
            symbols.Write(text, ids[i], start, ends[i], workspace.Tokens);
            start = ends[i];
        }
    }
}
