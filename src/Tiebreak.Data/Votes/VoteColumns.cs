using Tiebreak.Core;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Votes;

/// <summary>The columns of a votes file by name.</summary>
internal static class VoteColumns
{
    private static readonly string[] Models = ["model_a", "model_b"];

    /// <summary>The names of all columns that are read.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        .. Models, "winner", .. KaggleHeader.Winners, "judge", "voter", "worker", "tstamp", "timestamp", "language", "turn", "weight",
    ];

    /// <summary>The same, and the names by which battles are told from votes.</summary>
    public static KnownColumns Names { get; } = new([.. Known, "prompt", "soft_label"]);

    /// <summary>What the column of a name holds.</summary>
    public static VoteColumn Of(string name) => name switch
    {
        "model_a" => VoteColumn.ModelA,
        "model_b" => VoteColumn.ModelB,
        "winner" => VoteColumn.Winner,
        "winner_model_a" => VoteColumn.WinnerA,
        "winner_model_b" => VoteColumn.WinnerB,
        "winner_tie" => VoteColumn.WinnerTie,
        "judge" or "voter" or "worker" => VoteColumn.Judge,
        "tstamp" or "timestamp" => VoteColumn.Timestamp,
        "language" => VoteColumn.Language,
        "turn" => VoteColumn.Turn,
        "weight" => VoteColumn.Weight,
        _ => VoteColumn.Other,
    };

    /// <summary>
    /// True if the columns that votes need are among these: two models, and who won; the competition's three columns say that only where
    /// there are no texts, because whoever gives texts may ask about them. Files with soft labels are read as battles.
    /// </summary>
    public static bool AreIn(IReadOnlySet<string> names) => Models.All(names.Contains) && !names.Contains("soft_label")
        && (names.Contains("winner") || (KaggleHeader.Winners.All(names.Contains) && !names.Contains("prompt")));

    /// <summary>The place of each column among those to keep, or -1.</summary>
    /// <exception cref="InputException">A column to keep is missing.</exception>
    public static int[] Places(string path, IReadOnlyList<string> columns, string[] kept)
    {
        var missing = kept.Where(name => ColumnMap.Find(columns, name) is null).ToList();
        if (missing.Count > 0)
            throw new InputException($"{path} has no column {ColumnNames.List(missing)}; its columns are {ColumnNames.List(columns)}.");

        var found = Array.ConvertAll(kept, name => ColumnMap.Find(columns, name));
        return [.. columns.Select(column => Array.IndexOf(found, column))];
    }

    /// <summary>What the columns hold, in their order; of several for one thing the first counts.</summary>
    /// <param name="names">The names of the columns as they are called here.</param>
    public static VoteColumn[] Find(IEnumerable<string> names)
    {
        var seen = new HashSet<VoteColumn>();
        return [.. names.Select(name => Of(name) is var column && seen.Add(column) ? column : VoteColumn.Other)];
    }
}
