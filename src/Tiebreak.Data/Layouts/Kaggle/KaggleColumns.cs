using Tiebreak.Core;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>
/// Where the competition's columns stand in a file; -1 where it has none. Other columns, such as an unnamed index, are skipped.
/// </summary>
internal sealed record KaggleColumns
{
    public required int Count { get; init; }

    public required int Id { get; init; }

    public required int Prompt { get; init; }

    public required int ResponseA { get; init; }

    public required int ResponseB { get; init; }

    public required int ModelA { get; init; }

    public required int ModelB { get; init; }

    /// <summary>The columns of A, B and tie; null where the file has no labels.</summary>
    public required int[]? Winners { get; init; }

    /// <summary>Finds the columns.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="names">The names in the order of the file.</param>
    /// <param name="purpose">Training needs the winner columns.</param>
    /// <exception cref="InputException">A column is missing or stands there twice.</exception>
    public static KaggleColumns Find(string path, List<string> names, BattlePurpose purpose)
    {
        var needed = KaggleHeader.Texts.ToList();
        if (purpose == BattlePurpose.Train || KaggleHeader.Winners.Any(names.Contains))
            needed.AddRange(KaggleHeader.Winners);
        if (needed.FirstOrDefault(name => names.Count(other => string.Equals(other, name, StringComparison.Ordinal)) > 1) is { } twice)
            throw new InputException($"{path} has two columns \"{twice}\". Rename or remove one of them.");

        var missing = needed.Except(names, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new InputException(
                $"{path} has no column {ColumnNames.List(missing)}; its first line holds {ColumnNames.List(names)}.{Hint(names)}");
        }

        return new KaggleColumns
        {
            Count = names.Count,
            Id = names.IndexOf("id"),
            Prompt = names.IndexOf("prompt"),
            ResponseA = names.IndexOf("response_a"),
            ResponseB = names.IndexOf("response_b"),
            ModelA = names.IndexOf("model_a"),
            ModelB = names.IndexOf("model_b"),
            Winners = needed.Count > KaggleHeader.Texts.Count ? [.. KaggleHeader.Winners.Select(name => names.IndexOf(name))] : null,
        };
    }

    private static string Hint(List<string> names)
    {
        if (names is [var only] && only.AsSpan().ContainsAny(";\t"))
            return " The columns must be separated by commas.";
        return names.Any(name => name.Length > 100) ? " The first line must hold the column names." : "";
    }
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
