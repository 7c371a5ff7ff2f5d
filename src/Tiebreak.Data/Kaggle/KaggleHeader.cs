namespace Tiebreak.Data.Kaggle;

/// <summary>The column names of the competition's files.</summary>
internal static class KaggleHeader
{
    public static IReadOnlyList<string> Texts { get; } = ["id", "prompt", "response_a", "response_b"];

    /// <summary>In label order: A, B, tie.</summary>
    public static IReadOnlyList<string> Winners { get; } = ["winner_model_a", "winner_model_b", "winner_tie"];

    public static IReadOnlyList<string> Train { get; } = ["id", "model_a", "model_b", "prompt", "response_a", "response_b", .. Winners];

    public static IReadOnlyList<string> Submission { get; } = ["id", .. Winners];
}
