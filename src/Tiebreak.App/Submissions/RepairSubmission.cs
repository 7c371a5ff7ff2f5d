using System.Text.Json.Serialization;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Writes a valid submission out of a broken one.</summary>
public static class RepairSubmission
{
    /// <summary>Repairs; see <see cref="SubmissionFile.Repair"/> for how.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="test">The test data that it answers.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="Core.InputException">One of the files cannot be read at all, or a column that is needed is missing.</exception>
    public static RepairDocument Run(string submission, string test, string path)
    {
        var report = SubmissionFile.Repair(submission, test, path);
        return new RepairDocument(report.Rows, path, report.Changes);
    }
}

/// <summary>What a repair did.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Out">The file that was written.</param>
/// <param name="Changes">Every change.</param>
public sealed record RepairDocument(int Rows, string Out, IReadOnlyList<RepairChange> Changes) : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Repair";

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        .. Changes.Select(change => new Paragraph($"{change}")),
        new Paragraph(
            Invariant($"Wrote {Out}: {Rows:N0} rows, {(Changes.Count == 0 ? "nothing to repair" : "repaired as said above")}.")),
    ];
}
