namespace Tiebreak.Text.Languages;

/// <summary>Which script a character belongs to, by the blocks of the Unicode Standard (version 16, chapter "Code charts").</summary>
internal static class Scripts
{
    public static readonly int Count = Enum.GetValues<Script>().Length;

    /// <summary>The script of a letter or mark; signs, digits and emoji have none.</summary>
    public static Script Of(char c) => c <= '\u007F' ? char.IsAsciiLetter(c) ? Script.Latin : Script.None : OfNonAscii(c);

    /// <summary>
    /// How many letters of an alphabet one character weighs when a text mixes scripts: "用Python写一个web server" is Chinese.
    /// </summary>
    public static int Weight(Script script) => script switch
    {
        Script.None => 0,
        Script.Han or Script.Kana => 4,
        Script.Hangul => 3,
        Script.Latin => 1, // names and terms are written in Latin letters in texts of every script
        _ => 2,
    };

    /// <summary>The one language of the Arena that is written in a script, or null where there are several.</summary>
    public static string? OnlyLanguage(Script script) => script switch
    {
        Script.Han => "Chinese",
        Script.Kana => "Japanese",
        Script.Hangul => "Korean",
        Script.Gurmukhi => "Punjabi",
        Script.Ethiopic => "Amharic",
        Script.None or Script.Latin or Script.Cyrillic or Script.Arabic or Script.Devanagari or Script.Hebrew => null,
        _ => script.ToString(),
    };

    private static Script OfNonAscii(char c) => c switch
    {
        <= '\u024F' => c >= '\u00C0' && c is not ('\u00D7' or '\u00F7') ? Script.Latin : Script.None,
        >= '\u1E00' and <= '\u1EFF' => Script.Latin,
        >= '\u0370' and <= '\u03FF' => Script.Greek,
        >= '\u0400' and <= '\u052F' => Script.Cyrillic,
        >= '\u0531' and <= '\u058F' => Script.Armenian,
        >= '\u0591' and <= '\u05F4' or >= '\uFB1D' and <= '\uFB4F' => Script.Hebrew,
        >= '\u0620' and <= '\u065F' or >= '\u066E' and <= '\u06D3' or >= '\u06EE' and <= '\u077F' or >= '\uFB50' and <= '\uFDFF' =>
            Script.Arabic,
        >= '\u0900' and <= '\u0963' or >= '\u0970' and <= '\u097F' => Script.Devanagari,
        >= '\u0980' and <= '\u09E3' => Script.Bengali,
        >= '\u0A00' and <= '\u0A7F' => Script.Gurmukhi,
        >= '\u0A80' and <= '\u0AFF' => Script.Gujarati,
        >= '\u0B00' and <= '\u0B7F' => Script.Oriya,
        >= '\u0B80' and <= '\u0BFF' => Script.Tamil,
        >= '\u0C00' and <= '\u0C7F' => Script.Telugu,
        >= '\u0C80' and <= '\u0CFF' => Script.Kannada,
        >= '\u0D00' and <= '\u0D7F' => Script.Malayalam,
        >= '\u0D80' and <= '\u0DFF' => Script.Sinhala,
        >= '\u0E01' and <= '\u0E4E' => Script.Thai,
        >= '\u0E81' and <= '\u0EDF' => Script.Lao,
        >= '\u0F00' and <= '\u0FFF' => Script.Tibetan,
        >= '\u1000' and <= '\u109F' => Script.Burmese,
        >= '\u10A0' and <= '\u10FF' => Script.Georgian,
        >= '\u1200' and <= '\u139F' => Script.Ethiopic,
        >= '\u1780' and <= '\u17D3' => Script.Khmer,
        >= '\u1100' and <= '\u11FF' or >= '\u3131' and <= '\u318E' or >= '\uAC00' and <= '\uD7A3' => Script.Hangul,
        >= '\u3041' and <= '\u3096' or >= '\u30A1' and <= '\u30FA' => Script.Kana, // the mark of long vowels also stands in Chinese
        >= '\u3400' and <= '\u4DBF' or >= '\u4E00' and <= '\u9FFF' => Script.Han,
        _ => Script.None,
    };
}
