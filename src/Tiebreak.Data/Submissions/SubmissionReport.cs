namespace Tiebreak.Data.Submissions;

/// <summary>What a check of a submission found.</summary>
/// <param name="Rows">Rows of the submission.</param>
/// <param name="TestRows">Rows of the test data.</param>
/// <param name="Problems">
/// Everything found: first what concerns the file, then row by row, then the warnings about the file as a whole.
/// </param>
public sealed record SubmissionReport(int Rows, int TestRows, IReadOnlyList<SubmissionProblem> Problems)
{
    /// <summary>True if there is nothing but warnings.</summary>
    public bool IsValid => Problems.All(problem => problem.IsWarning);
}
