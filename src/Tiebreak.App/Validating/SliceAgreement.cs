using System.Text.Json.Serialization;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Validating;

/// <summary>How a judge agrees with people on a part of the battles, and on all others.</summary>
/// <param name="Slicing">By what the battles were cut.</param>
/// <param name="Slice">The part.</param>
/// <param name="Battles">Its battles.</param>
/// <param name="Agreement">Agreement with people on the part.</param>
/// <param name="Difference">Agreement on the part minus that on all other battles.</param>
/// <param name="DifferenceInterval">
/// Interval of the difference, by bootstrap over prompts, so wide that with 95 % confidence all intervals of the report hold together
/// (Bonferroni): of many slices, some look bad by chance.
/// </param>
internal sealed record SliceAgreement(
    string Slicing,
    string Slice,
    int Battles,
    double Agreement,
    double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval)
{
    private const int FewestBattles = 20;
    private const int MostSlices = 60;

    /// <summary>Whether the judge agrees less here than elsewhere.</summary>
    public bool Fails => DifferenceInterval.Upper < 0;

    /// <summary>
    /// Compares every slice that is large enough with all other battles, the worst first. What more than half of the battles have in common
    /// is no slice: where the judge fails on it, it fails.
    /// </summary>
    /// <param name="slicings">How to cut the battles.</param>
    /// <param name="agrees">1 for each battle on which the judge agrees with people, else 0.</param>
    /// <param name="groups">The prompt group of each battle, numbered from 0 without gaps.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static IReadOnlyList<SliceAgreement> Of(
        IReadOnlyList<Slicing> slicings, double[] agrees, IReadOnlyList<int> groups, ulong seed, int threads)
    {
        var slices = slicings
            .SelectMany(slicing => slicing.Slices.Select(slice => (slicing.Title, slice.Name, slice.Rows)))
            .Where(slice => slice.Rows.Count >= FewestBattles && slice.Rows.Count <= agrees.Length / 2)
            .OrderByDescending(slice => slice.Rows.Count).Take(MostSlices).ToList();
        var level = 1 - (0.05 / Math.Max(1, slices.Count));
        return
        [
            .. slices.Select(slice => Of(slice.Title, slice.Name, slice.Rows, agrees, groups, level, seed, threads))
                .OrderBy(slice => slice.Difference).ThenBy(slice => slice.Slice, StringComparer.Ordinal),
        ];
    }

    private static SliceAgreement Of(
        string title, string name, IReadOnlyList<int> rows, double[] agrees, IReadOnlyList<int> groups, double level, ulong seed,
        int threads)
    {
        double[] inside = new double[agrees.Length], agreesInside = new double[agrees.Length];
        foreach (var row in rows)
            (inside[row], agreesInside[row]) = (1, agrees[row]);
        double[] outside = [.. inside.Select(share => 1 - share)];
        double[] agreesOutside = [.. agrees.Zip(agreesInside, (all, part) => all - part)];
        double[] Values(double[] totals) => [(totals[0] / totals[1]) - (totals[2] / totals[3])];
        double[][] columns = [agreesInside, inside, agreesOutside, outside];
        return new SliceAgreement(
            title, name, rows.Count, agreesInside.Sum() / rows.Count, Values([.. columns.Select(column => column.Sum())])[0],
            ClusterBootstrap.OfTotals(columns, groups, Values, seed, level: level, threads: threads)[0]);
    }
}
