using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Processing;

/// <summary>What the split patterns ask of a character, as bits in one table over all code points.</summary>
internal static class CharacterClass
{
    /// <summary>\p{L}</summary>
    public const byte Letter = 1;

    /// <summary>\p{N}</summary>
    public const byte Number = 2;

    /// <summary>\s, the property White_Space</summary>
    public const byte Space = 4;

    /// <summary>A line feed or carriage return.</summary>
    public const byte LineEnd = 8;

    /// <summary>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</summary>
    public const byte Upper = 16;

    /// <summary>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</summary>
    public const byte Lower = 32;

    private static readonly byte[] Table = CreateTable();

    /// <summary>The classes of a code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(int codePoint) => Table[codePoint];

    /// <summary>The classes of the character at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<byte> text, int at, out int length) => Table[CodePoint.Decode(text, at, out length)];

    public static bool IsSpace(int codePoint) => (Table[codePoint] & Space) != 0;

    private static byte[] CreateTable()
    {
        var table = new byte[CodePoint.Count];
        for (var i = 0; i < table.Length; i++)
            table[i] = Classify(CharUnicodeInfo.GetUnicodeCategory(i));
        foreach (var control in new[] { '\t', '\v', '\f', '\u0085' })
            table[control] = Space;
        table['\n'] = table['\r'] = Space | LineEnd;
        return table;
    }

    private static byte Classify(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Letter | Upper,
        UnicodeCategory.LowercaseLetter => Letter | Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter | Upper | Lower,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Upper | Lower,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
        _ => 0,
    };
}
