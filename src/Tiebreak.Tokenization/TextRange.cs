namespace Tiebreak.Tokenization;

/// <summary>A part of a text in UTF-16 units, as strings are indexed.</summary>
/// <param name="Start">The first unit.</param>
/// <param name="End">Behind the last unit.</param>
public readonly record struct TextRange(int Start, int End);
