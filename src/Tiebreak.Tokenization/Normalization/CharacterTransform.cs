using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>Rewrites one character at a time.</summary>
/// <param name="map">The new character, or <see cref="Dropped"/>.</param>
internal sealed class CharacterTransform(Func<int, int> map) : ITextTransform
{
    /// <summary>Says that a character is left out.</summary>
    public const int Dropped = -1;

    /// <summary>Capital letters made small. İ, the one letter that becomes two, keeps its dot.</summary>
    public static CharacterTransform Lowercase { get; } = new(codePoint => Rune.ToLowerInvariant(new Rune(codePoint)).Value);

    /// <summary>Non-spacing marks left out.</summary>
    public static CharacterTransform StripAccents { get; } =
        new(codePoint => CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.NonSpacingMark ? Dropped : codePoint);

    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        for (int at = from, length; at < to; at += length)
        {
            var codePoint = CodePoint.Decode(source.Bytes, at, out length);
            if (map(codePoint) is var mapped and not Dropped)
                target.Append(mapped, source, at, at + length);
        }
    }
}
