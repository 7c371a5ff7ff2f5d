using Tiebreak.Core;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>
/// Where the competition's columns stand in a file; -1 where it has none. Other columns, such as an unnamed index, are skipped.
/// </summary>
internal sealed record KaggleColumns
{
    public required int Id { get; init; }

    public required int Prompt { get; init; }

    public required int ResponseA { get; init; }

    public required int ResponseB { get; init; }

    public required int ModelA { get; init; }

    public required int ModelB { get; init; }

    /// <summary>The columns of A, B and tie; null where the file has no labels.</summary>
    public required int[]? Winners { get; init; }

    /// <summary>
    /// True for the columns of <c>train.csv</c>, and for those of <c>test.csv</c> without any that it has not and Tiebreak reads.
    /// </summary>
    /// <exception cref="InputException">There is a part of the winner columns, which says nothing.</exception>
    public static bool AreIn(string path, IReadOnlySet<string> names)
    {
        if (!KaggleHeader.Texts.All(names.Contains))
            return false;

        var missing = KaggleHeader.Winners.Where(name => !names.Contains(name)).ToList();
        return missing.Count == 0
            || (missing.Count == KaggleHeader.Winners.Count ? !PlainLayout.Further.Any(names.Contains)
                : throw new InputException($"{path} has no column {ColumnNames.List(missing)}, but a part of the winner columns."));
    }

    /// <summary>Finds the columns.</summary>
    /// <param name="names">The names in the order of the file, which has the needed ones.</param>
    public static KaggleColumns Find(List<string> names) => new()
    {
        Id = names.IndexOf("id"),
        Prompt = names.IndexOf("prompt"),
        ResponseA = names.IndexOf("response_a"),
        ResponseB = names.IndexOf("response_b"),
        ModelA = names.IndexOf("model_a"),
        ModelB = names.IndexOf("model_b"),
        Winners = names.Contains(KaggleHeader.Winners[0]) ? [.. KaggleHeader.Winners.Select(name => names.IndexOf(name))] : null,
    };
}

/// <summary>The column names of the competition's files.</summary>
internal static class KaggleHeader
{
    public static IReadOnlyList<string> Texts { get; } = ["id", "prompt", "response_a", "response_b"];

    /// <summary>In label order: A, B, tie.</summary>
    public static IReadOnlyList<string> Winners { get; } = ["winner_model_a", "winner_model_b", "winner_tie"];

    public static IReadOnlyList<string> Train { get; } = ["id", "model_a", "model_b", "prompt", "response_a", "response_b", .. Winners];

    public static IReadOnlyList<string> Submission { get; } = ["id", .. Winners];
}
