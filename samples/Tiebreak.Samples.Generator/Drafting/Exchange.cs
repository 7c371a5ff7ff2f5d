namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>One turn: what the person writes and what can be answered.</summary>
internal sealed record Exchange(string Prompt, Draft Draft);
