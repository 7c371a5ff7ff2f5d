namespace Tiebreak.Data.Facts;

/// <summary>The battles that have a finding.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Rows">Their positions among the battles that were looked at, ascending.</param>
/// <param name="Ids">Their ids, in the same order.</param>
public sealed record FindingResult(Finding Finding, IReadOnlyList<int> Rows, IReadOnlyList<string> Ids)
{
    private const int MostExamples = 5;

    /// <summary>The finding's name in tables.</summary>
    public string Name => Finding.Name;

    /// <summary>What the finding means.</summary>
    public string Meaning => Finding.Meaning;

    /// <summary>How many battles have it.</summary>
    public int Count => Rows.Count;

    /// <summary>Ids of the first few.</summary>
    public IEnumerable<string> Examples => Ids.Take(MostExamples);

    internal static FindingResult Of(Finding finding, BattlePlaces places)
    {
        int[] rows = [.. Enumerable.Range(0, places.Facts.Count).Where(row => finding.Has(places, row))];
        return new FindingResult(finding, rows, [.. rows.Select(row => places.Facts[row].Id)]);
    }
}
