namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>Text that keeps its lines: code (with its language), or a letter, poem or table (without one).</summary>
internal sealed record Block(string Text, string? CodeLanguage = null);
