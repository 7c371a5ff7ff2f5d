using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Writes every space as another character, in SentencePiece U+2581 (▁).</summary>
/// <param name="replacement">UTF-8 of the character.</param>
internal sealed class SpaceTransform(byte[] replacement) : ITextTransform
{
    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        while (text[from..to].IndexOf((byte)' ') is var ahead and >= 0)
        {
            target.Copy(source, from, from + ahead);
            target.Append(replacement, source, from + ahead, from + ahead + 1);
            from += ahead + 1;
        }

        target.Copy(source, from, to);
    }
}
