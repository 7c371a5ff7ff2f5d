using System.Text.Json.Serialization;
using Tiebreak.Core.Agreement;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Data.Agreement;

/// <summary>A coefficient of agreement.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Value">1 is full agreement, 0 what chance would give; the raw agreement is a share.</param>
/// <param name="Interval">95 % interval, by bootstrap over prompts.</param>
internal sealed record AgreementResult(string Name, double Value, [property: JsonPropertyName("ci")] Interval Interval)
{
    /// <summary>A sums-based coefficient of items.</summary>
    public delegate double Coefficient(RatingSums sums);

    /// <summary>Works out coefficients over items.</summary>
    /// <param name="items">Items with two votes or more.</param>
    /// <param name="category">The category of a vote.</param>
    /// <param name="coefficients">What to work out.</param>
    /// <param name="isOrdinal">True for a scale, on which categories between two used ones count though nobody used them.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="threads">Most threads to use.</param>
    public static IEnumerable<AgreementResult> Of(
        IReadOnlyList<AnnotatedItem> items,
        Func<ItemVote, int> category,
        IReadOnlyList<(string Name, Coefficient Of)> coefficients,
        bool isOrdinal,
        ulong seed,
        int threads)
    {
        int[] used = [.. items.SelectMany(item => item.Votes).Select(category).Distinct().Order()];
        int[] categories = isOrdinal ? [.. Enumerable.Range(used[0], used[^1] - used[0] + 1)] : used;
        double[][] ofItems = [.. items.Select(item =>
        {
            var counts = new int[categories.Length];
            foreach (var vote in item.Votes)
                counts[Array.IndexOf(categories, category(vote))]++;
            return RatingSums.OfItem(counts);
        })];
        double[][] columns = [.. Enumerable.Range(0, ofItems[0].Length).Select(sum => ofItems.Select(item => item[sum]).ToArray())];
        double[] Values(double[] totals) => [.. coefficients.Select(coefficient =>
            coefficient.Of(new RatingSums(totals, categories.Length)))];
        var values = Values([.. columns.Select(column => column.Sum())]);
        var intervals = ClusterBootstrap.OfTotals(
            columns, PromptGroup.Renumber(items.Select(item => item.Group)), Values, seed, threads: threads);
        return coefficients.Select((coefficient, k) => new AgreementResult(coefficient.Name, values[k], intervals[k]));
    }
}
