namespace Tiebreak.Tokenization.Jinja;

/// <summary>
/// The bounds of a rendering. Templates come from strangers: whatever one does, it ends within a second or two and within some hundred
/// megabytes. Templates of published models stay far below (long conversations included).
/// </summary>
internal static class JinjaLimits
{
    /// <summary>Characters of a template.</summary>
    public const int TemplateCharacters = 1 << 20;

    /// <summary>Expressions and blocks inside of each other in a template.</summary>
    public const int Nesting = 100;

    /// <summary>Evaluations inside of each other: an expression in a block in a macro in a macro.</summary>
    public const int Depth = 600;

    /// <summary>Evaluated expressions and statements, visited items, and sixteenths of visited characters.</summary>
    public const long Steps = 8_000_000;

    /// <summary>Characters and items (each counted as 16 characters) of all values that a rendering creates.</summary>
    public const long Created = 1L << 27;

    /// <summary>Numbers of a range, as in Jinja's sandbox.</summary>
    public const int RangeItems = 100_000;

    /// <summary>Bits of a whole number: the 4,300 decimal digits that Python writes out.</summary>
    public const int IntegerBits = 14_284;
}
