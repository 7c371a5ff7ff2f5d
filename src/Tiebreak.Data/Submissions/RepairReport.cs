namespace Tiebreak.Data.Submissions;

/// <summary>What a repair of a submission did.</summary>
/// <param name="Rows">Rows written: one for every row of the test data, in its order.</param>
/// <param name="Changes">Every change; empty where nothing but, perhaps, the order of the rows had to be changed.</param>
public sealed record RepairReport(int Rows, IReadOnlyList<RepairChange> Changes);
