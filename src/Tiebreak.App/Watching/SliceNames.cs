using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;

namespace Tiebreak.App.Watching;

/// <summary>What battles are like, as names of the slices that they belong to: "Language: German".</summary>
internal static class SliceNames
{
    // Every month differs from the months before.
    private static readonly IReadOnlyList<SliceKey> Keys =
        [.. SliceKey.ForReports.Where(key => !string.Equals(key.Name, "month", StringComparison.Ordinal))];

    /// <summary>The slices of each battle.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(
        IReadOnlyList<Battle> battles, JobContext context, CancellationToken cancellationToken)
    {
        var names = battles.Select(_ => new List<string>()).ToList();
        var facts = BattleFacts.Of(battles, context.Threads, cancellationToken: cancellationToken);
        foreach (var key in Keys)
        {
            foreach (var slice in key.Cut(facts).Slices)
            {
                foreach (var row in slice.Rows)
                    names[row].Add($"{key.Title}: {slice.Name}");
            }
        }

        return names;
    }

    /// <summary>How many battles belong to each slice.</summary>
    public static SortedDictionary<string, int> Count(IEnumerable<IReadOnlyList<string>> slices)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in slices.SelectMany(names => names))
            counts[name] = counts.GetValueOrDefault(name) + 1;
        return counts;
    }
}
