using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Takes white space away from the ends.</summary>
internal sealed class StripTransform(bool left, bool right) : ITextTransform
{
    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        while (left && from < to && CharacterClass.IsSpace(CodePoint.Decode(text, from, out var length)))
            from += length;
        while (right && from < to)
        {
            var last = CodePoint.StartOfLast(text, to);
            if (!CharacterClass.IsSpace(CodePoint.Decode(text, last, out _)))
                break;
            to = last;
        }

        target.Copy(source, from, to);
    }
}
