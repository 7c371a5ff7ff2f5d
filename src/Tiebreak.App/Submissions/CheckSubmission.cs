using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Finds everything that is wrong with a submission.</summary>
public static class CheckSubmission
{
    /// <summary>Checks.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="test">The test data that it answers.</param>
    /// <param name="mapping">What the columns of the test data are called; null for the usual names.</param>
    /// <exception cref="InputException">One of the files cannot be read at all.</exception>
    public static SubmissionDocument Run(string submission, string test, BattleMapping? mapping = null) =>
        new(submission, SubmissionFile.Check(submission, test, mapping));
}

/// <summary>What a check of a submission found.</summary>
public sealed class SubmissionDocument : IDocument
{
    private readonly string _path;
    private readonly SubmissionReport _report;

    internal SubmissionDocument(string path, SubmissionReport report) => (_path, _report) = (path, report);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Check of {Path.GetFileName(_path)}";

    /// <summary>True if the submission would be accepted.</summary>
    public bool Valid => _report.IsValid;

    /// <summary>Rows of the submission.</summary>
    public int Rows => _report.Rows;

    /// <summary>Rows of the test data.</summary>
    public int TestRows => _report.TestRows;

    /// <summary>Everything found.</summary>
    public IEnumerable<FoundProblem> Problems => _report.Problems.Select(problem => new FoundProblem(
        problem.Kind, problem.IsWarning, problem.Line, problem.Count, problem.Message));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        .. _report.Problems.Select(problem => new Paragraph($"{(problem.IsWarning ? "Warning" : "Error")}: {problem}")),
        new Paragraph(Valid
            ? $"{_path} is valid{(_report.HoldsWinners ? " in the form with winners" : "")}: "
                + $"{Quantity.Of(Rows, "row")} for {Quantity.Of(TestRows, "battle")}."
            : $"{_path} would be refused. `tiebreak submission repair` mends what can be mended."),
    ];
}

/// <summary>Something that is wrong with a submission; see <see cref="SubmissionProblem"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Warning">True if the file would be accepted all the same.</param>
/// <param name="Line">The line, or null where the file as a whole or many rows are meant.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="Message">One sentence.</param>
public sealed record FoundProblem(SubmissionProblemKind Kind, bool Warning, long? Line, int Count, string Message);
