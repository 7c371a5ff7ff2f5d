namespace Tiebreak.Data.Auditing;

/// <summary>Something about single battles that a person should know before training on them.</summary>
/// <param name="Name">Its name in tables, and with underscores its key in JSON.</param>
/// <param name="Meaning">What it means, in a sentence.</param>
/// <param name="Count">Battles that have it.</param>
/// <param name="Examples">Ids of the first few.</param>
public sealed record Finding(string Name, string Meaning, int Count, IReadOnlyList<string> Examples);
