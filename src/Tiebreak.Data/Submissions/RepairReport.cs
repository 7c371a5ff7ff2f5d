namespace Tiebreak.Data.Submissions;

/// <summary>What a repair of a submission did.</summary>
/// <param name="Rows">Rows written: one for every row of the test data, in its order.</param>
/// <param name="Changes">Every change; empty where nothing but, perhaps, the order of the rows had to be changed.</param>
public sealed record RepairReport(int Rows, IReadOnlyList<RepairChange> Changes);

/// <summary>One kind of change that a repair made.</summary>
/// <param name="Action">What was done, past tense: <c>filled missing ids with the mean of the valid rows</c>.</param>
/// <param name="Items">What it was done to: every id, or every column.</param>
public sealed record RepairChange(string Action, IReadOnlyList<string> Items)
{
    private const int MostShown = 5;

    /// <summary>The action with the number of items and the first few of them.</summary>
    public override string ToString() =>
        $"{Action}: {Items.Count} ({string.Join(", ", Items.Take(MostShown))}{(Items.Count > MostShown ? ", ..." : "")})";
}
