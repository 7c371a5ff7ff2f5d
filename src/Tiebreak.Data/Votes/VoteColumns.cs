using Tiebreak.Core;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Votes;

/// <summary>The columns of a votes file by name.</summary>
internal static class VoteColumns
{
    private static readonly string[] Needed = ["model_a", "model_b", "winner"];

    /// <summary>What the column of a name holds.</summary>
    public static VoteColumn Of(string name) => name switch
    {
        "model_a" => VoteColumn.ModelA,
        "model_b" => VoteColumn.ModelB,
        "winner" => VoteColumn.Winner,
        "judge" or "voter" or "worker" => VoteColumn.Judge,
        "tstamp" or "timestamp" => VoteColumn.Timestamp,
        "language" => VoteColumn.Language,
        "turn" => VoteColumn.Turn,
        "weight" => VoteColumn.Weight,
        _ => VoteColumn.Other,
    };

    /// <summary>
    /// True if the columns that votes need are among these, and none that says more than a winner: such files are read as battles.
    /// </summary>
    public static bool AreIn(IReadOnlyCollection<string> names) =>
        !Needed.Except(names, StringComparer.Ordinal).Any() && !names.Contains("soft_label", StringComparer.Ordinal);

    /// <summary>The place of each column among those to keep, or -1.</summary>
    /// <exception cref="InputException">A column to keep is missing.</exception>
    public static int[] Places(string path, IReadOnlyList<string> names, string[] kept)
    {
        var missing = kept.Except(names, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new InputException($"{path} has no column {ColumnNames.List(missing)}; its columns are {ColumnNames.List(names)}.");
        return [.. names.Select(name => Array.IndexOf(kept, name))];
    }

    /// <summary>What the columns hold, in their order; of several for one thing the first counts.</summary>
    /// <exception cref="InputException">A column that is needed is missing.</exception>
    public static VoteColumn[] Find(string path, IReadOnlyList<string> names)
    {
        var missing = Needed.Except(names, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new InputException(
                $"{path} has no column {ColumnNames.List(missing)}, which votes need; its columns are {ColumnNames.List(names)}.");
        }

        var seen = new HashSet<VoteColumn>();
        return [.. names.Select(name => Of(name) is var column && seen.Add(column) ? column : VoteColumn.Other)];
    }
}
