namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>One item of an answer, with an optional title.</summary>
internal sealed record Point(string Text, string? Title = null);
