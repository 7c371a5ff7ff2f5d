using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;

namespace Tiebreak.Data.Votes;

/// <summary>
/// Votes in columns: models as numbers, verdicts as bytes; 9 bytes a vote besides the optional columns, which are null where the file has
/// none. The arrays are the table's own; do not change them.
/// </summary>
public sealed class VoteTable
{
    /// <summary>The names of the models, in order of first appearance.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The model on side A of each vote, an index into <see cref="Models"/>.</summary>
    public required int[] ModelA { get; init; }

    /// <summary>The model on side B of each vote, an index into <see cref="Models"/>.</summary>
    public required int[] ModelB { get; init; }

    /// <summary>What was voted.</summary>
    public required Verdict[] Verdicts { get; init; }

    /// <summary>How many votes a row stands for, or null: one each.</summary>
    public double[]? Weights { get; init; }

    /// <summary>When it was voted, or null; <see cref="DateTimeOffset.MinValue"/> where a row has no time.</summary>
    public DateTimeOffset[]? Timestamps { get; init; }

    /// <summary>Who voted, or null; a text that is empty where a row does not say.</summary>
    public string[]? Judges { get; init; }

    /// <summary>The language of the conversation, or null; a text that is empty where a row does not say.</summary>
    public string[]? Languages { get; init; }

    /// <summary>The number of turns, or null; 0 where a row does not say.</summary>
    public int[]? Turns { get; init; }

    /// <summary>The further columns that were asked for, by name: one text per vote, empty where a row has none.</summary>
    public IReadOnlyDictionary<string, string[]> Columns { get; init; } = new Dictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>The rows that are no votes and are not in the table, with line and reason.</summary>
    public required IReadOnlyList<RowProblem> Problems { get; init; }

    /// <summary>What is worth saying about the file besides: one sentence for each kind.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The labels of votes that need no further column, by the names of <see cref="Label"/>.</summary>
    public static IReadOnlyList<string> LabelNames { get; } = ["language", "turns", "voter", "month"];

    /// <summary>
    /// What is known of each vote by a name: <c>language</c>, <c>turns</c> (as a number), <c>voter</c>, <c>month</c> (as
    /// <see cref="SliceKey"/> writes it), or a column that was asked for. Empty where a row does not say; null where no row does.
    /// </summary>
    public string[]? Label(string name) => name switch
    {
        "language" => Languages,
        "turns" => Labels(Turns, turns => turns == 0 ? "" : turns.ToString(CultureInfo.InvariantCulture)),
        "voter" => Judges,
        "month" => Labels(Timestamps, time => time == DateTimeOffset.MinValue ? "" : SliceKey.MonthOf(time)),
        _ => Columns.GetValueOrDefault(name),
    };

    /// <summary>The number of votes.</summary>
    public int Count => Verdicts.Length;

    /// <summary>A vote.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Vote this[int index] =>
        new(Models[ModelA[index]], Models[ModelB[index]], Verdicts[index], Weights?[index] ?? 1);

    /// <summary>The votes in file order.</summary>
    public IEnumerable<Vote> Votes()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    private static string[]? Labels<T>(T[]? values, Converter<T, string> label) => values is null ? null : Array.ConvertAll(values, label);
}
