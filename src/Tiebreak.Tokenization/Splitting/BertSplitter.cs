using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Words between white space, every punctuation character a piece of its own.</summary>
internal sealed class BertSplitter : IPieceSplitter
{
    // 1 = white space, 2 = punctuation
    private static readonly byte[] Kinds = CreateKinds();

    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        for (var at = start; at < end;)
        {
            var kind = Kinds[CodePoint.Decode(text, at, out var length)];
            var next = at + length;
            if (kind != 0)
            {
                pieces.Add(start, at);
                if (kind == 2)
                    pieces.Add(at, next);
                start = next;
            }

            at = next;
        }

        pieces.Add(start, end);
    }

    private static byte[] CreateKinds()
    {
        var kinds = new byte[CodePoint.Count];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = CharacterClass.IsSpace(i) ? (byte)1 : BertCharacters.IsPunctuation(i) ? (byte)2 : (byte)0;
        return kinds;
    }
}
