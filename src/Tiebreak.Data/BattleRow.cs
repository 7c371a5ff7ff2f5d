using Tiebreak.Core.Battles;

namespace Tiebreak.Data;

/// <summary>
/// One row of a battle file. A good row has a battle and no problem; a bad row has a problem, and in test data a battle as well: its id
/// and whatever could be read (null only where not even the id could be).
/// </summary>
/// <param name="Line">The line on which the row starts; the first line of a file is 1. In Parquet, which has no lines, the number of the row.</param>
/// <param name="Battle">The battle, or null for a row that is kept out.</param>
/// <param name="Problem">What is wrong with the row, or null.</param>
public readonly record struct BattleRow(long Line, Battle? Battle, RowProblem? Problem);
