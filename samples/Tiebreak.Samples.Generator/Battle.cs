namespace Tiebreak.Samples.Generator;

/// <summary>One finished battle with the true probabilities of its verdict.</summary>
internal sealed record Battle(
    string Language,
    IReadOnlyList<string?> Prompts,
    IReadOnlyList<string?> ResponsesA,
    IReadOnlyList<string?> ResponsesB,
    string ModelA,
    string ModelB,
    string Winner,
    double[] Preference);
