namespace Tiebreak.Transformers.Judges;

/// <summary>How a generator says what it prefers. Each answer may have several spellings; their probabilities add up.</summary>
public sealed record AnswerOptions
{
    /// <summary>A is better.</summary>
    public IReadOnlyList<string> A { get; init; } = ["A"];

    /// <summary>B is better.</summary>
    public IReadOnlyList<string> B { get; init; } = ["B"];

    /// <summary>Neither is.</summary>
    public IReadOnlyList<string> Tie { get; init; } = ["tie"];
}
