namespace Tiebreak.Text.Languages;

/// <summary>Writing systems that occur in the Arena.</summary>
internal enum Script
{
    None,
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Hebrew,
    Han,
    Kana,
    Hangul,
    Greek,
    Thai,
    Bengali,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Lao,
    Tibetan,
    Burmese,
    Georgian,
    Ethiopic,
    Khmer,
    Armenian,
}
