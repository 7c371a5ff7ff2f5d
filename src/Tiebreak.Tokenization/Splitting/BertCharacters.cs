using System.Globalization;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>
/// The kinds of character that BERT's basic tokenizer (Devlin et al. 2018, https://arxiv.org/abs/1810.04805) tells apart.
/// </summary>
internal static class BertCharacters
{
    /// <summary>Unicode punctuation, and every ASCII symbol.</summary>
    public static bool IsPunctuation(int codePoint) =>
        codePoint is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        || CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
            or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    /// <summary>Control and format characters other than tab and line ends.</summary>
    public static bool IsControl(int codePoint) =>
        codePoint is not ('\t' or '\n' or '\r')
        && CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>Characters of the CJK ideograph blocks.</summary>
    public static bool IsIdeograph(int codePoint) => codePoint is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000
        and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
