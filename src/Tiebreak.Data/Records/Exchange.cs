namespace Tiebreak.Data.Records;

/// <summary>What one side of a battle saw and said in a turn.</summary>
internal readonly record struct Exchange(string? Prompt, string? Response);
