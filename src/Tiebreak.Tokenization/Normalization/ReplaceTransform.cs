using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Puts one text where another one, or a pattern, stands; it stands for the last character of what it replaces.</summary>
internal sealed class ReplaceTransform(ITextPattern pattern, byte[] replacement) : ITextTransform
{
    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var matches = Reused<PieceList>.Rent();
        matches.Clear();
        pattern.Find(source.Bytes, from, to, matches);
        for (var i = 0; i < matches.Count; i++)
        {
            target.Copy(source, from, matches.Start(i));
            target.Append(replacement, source, CodePoint.StartOfLast(source.Bytes, matches.End(i)), matches.End(i));
            from = matches.End(i);
        }

        target.Copy(source, from, to);
        Reused<PieceList>.Return(matches);
    }
}
