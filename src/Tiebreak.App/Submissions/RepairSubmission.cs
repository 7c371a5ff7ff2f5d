using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Writes a valid submission out of a broken one; see <see cref="SubmissionFile.Repair"/> for how.</summary>
public sealed record RepairSubmission
{
    /// <summary>The submission.</summary>
    public required string Submission { get; init; }

    /// <summary>The test data that it answers.</summary>
    public required string Test { get; init; }

    /// <summary>The file to write.</summary>
    public required string Out { get; init; }

    /// <summary>How numbers become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>True to write winners (<c>id,winner</c>) where the submission has probabilities.</summary>
    public bool Winners { get; init; }

    /// <summary>What the columns of the test data are called; null for the usual names.</summary>
    public BattleMapping? Mapping { get; init; }

    /// <summary>Repairs.</summary>
    /// <exception cref="InputException">The submission cannot be repaired; the message says why.</exception>
    public RepairDocument Run()
    {
        var report = SubmissionFile.Repair(Submission, Test, Out, Scale, Winners, Mapping);
        return new RepairDocument(report.Rows, Out, report.Changes);
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
            $"Wrote {Out}: {Quantity.Of(Rows, "row")}, {(Changes.Count == 0 ? "nothing to repair" : "repaired as said above")}."),
    ];
}
