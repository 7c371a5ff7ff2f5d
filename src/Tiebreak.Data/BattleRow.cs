using Tiebreak.Core.Battles;

namespace Tiebreak.Data;

/// <summary>
/// One row of a battle file. A good row has a battle and no problem; a bad row has a problem, and in test data a battle as well: its id
/// and whatever could be read (null only where not even the id could be).
/// </summary>
/// <param name="Line">
/// The line on which the row starts; the first line of a file is 1. In Parquet, which has no lines, the number of the row.
/// </param>
/// <param name="Battle">The battle, or null for a row that is kept out.</param>
/// <param name="Problem">What is wrong with the row, or null.</param>
public readonly record struct BattleRow(long Line, Battle? Battle, RowProblem? Problem)
{
    /// <summary>False for a file without lines (Parquet): <see cref="Line"/> is then the number of the row, from 1.</summary>
    public bool HasLines { get; init; } = true;

    /// <summary>The time of the battle as it is written, where only the whole column tells what it is.</summary>
    internal string? TimeText { get; init; }

    /// <summary>Where the row stands in its file: <c>line 17</c> or <c>row 17</c>.</summary>
    public string Place => $"{(HasLines ? "line" : "row")} {Line}";
}
