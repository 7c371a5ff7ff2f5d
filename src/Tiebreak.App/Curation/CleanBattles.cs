using System.Text.Json.Serialization;
using Tiebreak.Data;
using Tiebreak.Data.Cleaning;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Curation;

/// <summary>Drops or relabels battles by named rules.</summary>
public sealed record CleanBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The file to write; see <see cref="BattleFiles.Write"/>.</summary>
    public required string Out { get; init; }

    /// <summary>Names of the rules; empty for the usual ones.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Cleans.</summary>
    /// <exception cref="Core.InputException">There is no such rule, or the data cannot be used.</exception>
    public async Task<CleaningDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var rules = Rules.Count > 0 ? Rules.Select(CleaningRule.Named).ToList() : null;
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var report = Cleaner.Clean(set.Battles, rules, context.Threads, cancellationToken);
        BattleFiles.Write(Out, report.Battles);
        return new CleaningDocument(Out, report);
    }
}

/// <summary>What rules did to battles.</summary>
public sealed class CleaningDocument : IDocument
{
    private readonly CleaningReport _report;

    internal CleaningDocument(string path, CleaningReport report) => (Out, _report) = (path, report);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Cleaning";

    /// <summary>The file that was written.</summary>
    public string Out { get; }

    /// <summary>Battles that there were.</summary>
    public int Before => _report.Before;

    /// <summary>Battles that are left.</summary>
    public int Rows => _report.Battles.Count;

    /// <summary>The rules in their order, with the battles that they touched.</summary>
    public IEnumerable<AppliedRule> Rules => _report.Rules.Select(outcome => new AppliedRule(
        outcome.Rule.Name, Ids(outcome, CleaningAction.Dropped), Ids(outcome, CleaningAction.Relabelled)));

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new TextTable(
            "Rules", ["Rule", "Dropped", "Relabelled", "What it does"],
            [.. _report.Rules.Select(outcome => new[]
            {
                outcome.Rule.Name, NumberText.Count(outcome.Dropped), NumberText.Count(outcome.Relabelled), outcome.Rule.Description,
            })]),
        new Paragraph(Invariant($"Wrote {Out}: {Rows:N0} of {Before:N0} battles.")),
    ];

    private static IEnumerable<string> Ids(RuleOutcome outcome, CleaningAction action) =>
        outcome.Touched.Where(battle => battle.Action == action).Select(battle => battle.Id);
}

/// <summary>What a rule did.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Dropped">Ids of the battles that it dropped.</param>
/// <param name="Relabelled">Ids of the battles that it gave another verdict.</param>
public sealed record AppliedRule(string Rule, IEnumerable<string> Dropped, IEnumerable<string> Relabelled);
