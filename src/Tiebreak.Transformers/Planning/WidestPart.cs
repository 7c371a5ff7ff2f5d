namespace Tiebreak.Transformers.Planning;

/// <summary>The most of a step that is computed together.</summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="Longest">Tokens of the longest sequence.</param>
/// <param name="AllAreRead">Whether the head reads the states of all tokens, or their mean, and not one of each sequence.</param>
internal readonly record struct WidestPart(int Tokens, int Longest, bool AllAreRead);
