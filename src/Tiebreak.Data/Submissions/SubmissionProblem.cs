namespace Tiebreak.Data.Submissions;

/// <summary>Something that is wrong with a submission.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line in the file (the header is 1), or null where the file as a whole is meant.</param>
/// <param name="Message">One sentence.</param>
public sealed record SubmissionProblem(SubmissionProblemKind Kind, long? Line, string Message)
{
    /// <summary>True if the file would be accepted all the same.</summary>
    public bool IsWarning => Kind >= SubmissionProblemKind.Sum;

    /// <summary>The message with its place.</summary>
    public override string ToString() => Line is null ? Message : $"line {Line}: {Message}";
}
