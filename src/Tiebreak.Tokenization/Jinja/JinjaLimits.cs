namespace Tiebreak.Tokenization.Jinja;

/// <summary>
/// The bounds of a rendering. Templates come from strangers: whatever one does, it ends within about a second and within some hundred
/// megabytes. Templates of published models stay far below, with long conversations too.
/// </summary>
internal static class JinjaLimits
{
    /// <summary>Characters of a template.</summary>
    public const int TemplateCharacters = 1 << 20;

    /// <summary>Expressions and blocks inside of each other in a template.</summary>
    public const int Nesting = 100;

    /// <summary>Evaluations inside of each other: an expression in a block in a macro in a macro.</summary>
    public const int Depth = 600;

    /// <summary>Evaluated expressions and statements, visited items, and 64 visited characters each.</summary>
    public const long Steps = 4_000_000;

    /// <summary>Characters and items (each counted as 16 characters) of all values that a rendering creates.</summary>
    public const long Created = 1L << 26;

    /// <summary>Numbers of a range, as in Jinja's sandbox.</summary>
    public const int RangeItems = 100_000;

    /// <summary>Bits of a whole number: more than 600 decimal digits.</summary>
    public const int IntegerBits = 2_048;

    /// <summary>Characters of a path of attributes, as in <c>map(attribute="a.b")</c>.</summary>
    public const int PathCharacters = 1_000;
}
