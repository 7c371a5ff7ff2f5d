using Tiebreak.Reports.Documents;
using Tiebreak.Runs.Results;

namespace Tiebreak.App.Predicting;

/// <summary>A battle that broke the judge.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">What the judge said.</param>
public sealed record BrokenBattle(string Id, string Reason)
{
    internal static IEnumerable<BrokenBattle> Of(IEnumerable<FailedRow> rows) => rows.Select(row => new BrokenBattle(row.Id, row.Reason));

    internal Section ToSection() => new Paragraph($"Battle {Id} broke the judge: {Reason}");
}
