namespace Tiebreak.Runs.Results;

/// <summary>A battle that broke the judge, and got the preference of the fallback instead.</summary>
/// <param name="Row">Its place in the data, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="Reason">What the judge said.</param>
public sealed record FailedRow(int Row, string Id, string Reason);
