using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Puts a prefix before a text that is not empty; it stands for the text's first character.</summary>
/// <param name="prefix">UTF-8.</param>
/// <param name="unlessPresent">Whether a text that begins with the prefix is left alone.</param>
/// <param name="firstOnly">Whether only the beginning of the whole text gets the prefix.</param>
internal sealed class PrependTransform(byte[] prefix, bool unlessPresent, bool firstOnly) : ITextTransform
{
    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        if (from < to && !(unlessPresent && source.Bytes[from..to].StartsWith(prefix)) && !(firstOnly && !(source.IsAtStart && from == 0)))
            target.Append(prefix, source, from, from + CodePoint.LengthOf(source.Bytes[from]));
        target.Copy(source, from, to);
    }
}
