using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>
/// Samples down over-represented prompts as FastChat's <c>deduplication.py</c> does: each prompt may have as many battles as the prompt at
/// the 99.99th percentile of frequency. The percentile is one of the counts (nearest rank), so that a second time changes nothing.
/// </summary>
internal static class FrequentPrompts
{
    private const double Percentile = 0.9999;

    public static IReadOnlyList<Battle?> SampleDown(IReadOnlyList<Battle> battles)
    {
        if (battles.Count == 0)
            return [];

        var prompts = PromptGroup.Number(battles);
        var groups = Enumerable.Range(0, battles.Count).GroupBy(i => prompts[i]).Select(group => group.ToArray()).ToArray();
        var counts = groups.Select(group => group.Length).Order().ToArray();
        var most = counts[(int)Math.Ceiling(Percentile * counts.Length) - 1];

        Battle?[] kept = [.. battles];
        foreach (var group in groups.Where(group => group.Length > most))
        {
            // Which ones go depends on their ids alone, not on what else is in the list.
            foreach (var i in group.OrderBy(i => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(battles[i].Id.AsSpan()))).Skip(most))
                kept[i] = null;
        }

        return kept;
    }
}
