using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Data.Sampling;

/// <summary>
/// Small samples that stand for a set, for quick trials: battles are put in order of language, source, turns, verdict and length, shuffled
/// inside, and taken at equal distances (systematic sampling with implicit stratification: Cochran, "Sampling Techniques", chapter 8).
/// </summary>
public static class RepresentativeSample
{
    /// <summary>Draws a sample.</summary>
    /// <param name="battles">The set.</param>
    /// <param name="count">Battles wished, at least 1; a set that is not larger is given back whole.</param>
    /// <param name="prompts">What becomes of battles about the same prompt.</param>
    /// <param name="seed">Decides which battles.</param>
    /// <param name="threads">Threads to use; the sample does not depend on it.</param>
    /// <exception cref="InputException">
    /// One battle of each prompt is wished, and there are fewer prompts than <paramref name="count"/>.
    /// </exception>
    public static BattleSample Draw(
        IReadOnlyList<Battle> battles, int count, SamplePrompts prompts = SamplePrompts.Any, ulong seed = 0, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var properties = PropertiesOf(battles, threads);
        var random = new SeededRandom(seed);
        var units = Units(battles, prompts, ref random);
        if (prompts is SamplePrompts.OneEach && units.Length < count && units.Length < battles.Count)
        {
            throw new InputException(
                $"The data has only {units.Length} different prompts, so {count} battles with one prompt each cannot be drawn.");
        }

        return SampleOf(battles, properties, Choose(units, properties, count, ref random));
    }

    /// <summary>Draws a number of battles from each group, which stand for their group.</summary>
    /// <param name="battles">The set.</param>
    /// <param name="groups">The group of each battle, numbered from 0.</param>
    /// <param name="counts">How many to draw from each group; a smaller group is taken whole.</param>
    /// <param name="seed">Decides which battles.</param>
    /// <param name="threads">Threads to use; the sample does not depend on it.</param>
    internal static BattleSample DrawFromGroups(
        IReadOnlyList<Battle> battles, IReadOnlyList<int> groups, IReadOnlyList<int> counts, ulong seed, int threads)
    {
        var properties = PropertiesOf(battles, threads);
        var random = new SeededRandom(seed);
        var chosen = new List<int>();
        foreach (var group in Enumerable.Range(0, battles.Count).GroupBy(i => groups[i]).OrderBy(group => group.Key))
        {
            if (counts[group.Key] > 0)
                chosen.AddRange(Choose([.. group.Select(i => new[] { i })], properties, counts[group.Key], ref random));
        }

        return SampleOf(battles, properties, [.. chosen]);
    }

    private static string[][] PropertiesOf(IReadOnlyList<Battle> battles, int threads)
    {
        var properties = new string[battles.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, battles.Count, options, i => properties[i] = BattleProperties.Of(battles[i]));
        return properties;
    }

    private static int[] Choose(int[][] units, string[][] properties, int count, ref SeededRandom random)
    {
        random.Shuffle(units.AsSpan());
        var ordered = units.OrderBy(unit => unit.Length); // like with like: large groups are drawn among themselves
        for (var property = 0; property < BattleProperties.Names.Count; property++)
        {
            var column = property;
            ordered = ordered.ThenBy(unit => properties[unit[0]][column], StringComparer.Ordinal);
        }

        return Take(ordered, units.Sum(unit => unit.Length), count);
    }

    private static BattleSample SampleOf(IReadOnlyList<Battle> battles, string[][] properties, int[] chosen)
    {
        Array.Sort(chosen);
        return new BattleSample([.. chosen.Select(i => battles[i])], Compare(properties, chosen));
    }

    // What is drawn as a whole: battles, or the battles of a prompt, or one of them.
    private static int[][] Units(IReadOnlyList<Battle> battles, SamplePrompts prompts, ref SeededRandom random)
    {
        var all = Enumerable.Range(0, battles.Count);
        if (prompts is SamplePrompts.Any)
            return [.. all.Select(i => new[] { i })];

        var numbers = PromptGroup.Number(battles);
        int[][] groups = [.. all.GroupBy(i => numbers[i]).Select(group => group.ToArray())];
        if (prompts is SamplePrompts.Together)
            return groups;

        for (var i = 0; i < groups.Length; i++)
            groups[i] = [groups[i][random.Next(groups[i].Length)]];
        return groups;
    }

    // Walks along and takes a unit whenever the sample lags behind its share by half the unit: for single battles that gives just the
    // count.
    private static int[] Take(IEnumerable<int[]> units, int all, int count)
    {
        var share = Math.Min(1, (double)count / Math.Max(1, all));
        var taken = new List<int>();
        var seen = 0;
        foreach (var unit in units)
        {
            seen += unit.Length;
            if ((seen * share) - taken.Count >= unit.Length / 2.0)
                taken.AddRange(unit);
        }

        return [.. taken];
    }

    private static Share[] Compare(string[][] properties, int[] chosen) =>
    [
        .. BattleProperties.Names.SelectMany((name, column) =>
        {
            var sample = chosen.CountBy(i => properties[i][column], StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            return properties.CountBy(row => row[column], StringComparer.Ordinal)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new Share(
                    name, pair.Key, (double)pair.Value / properties.Length,
                    (double)sample.GetValueOrDefault(pair.Key) / Math.Max(1, chosen.Length)));
        }),
    ];
}

/// <summary>A sample and how well it stands for the set.</summary>
/// <param name="Battles">The sample, in the order of the set.</param>
/// <param name="Shares">For every value of every property that was balanced, its shares; the most frequent values first.</param>
public sealed record BattleSample(IReadOnlyList<Battle> Battles, IReadOnlyList<Share> Shares)
{
    /// <summary>The largest difference between a share of the sample and that of the set, 0 to 1.</summary>
    public double LargestDifference => Shares.Select(share => Math.Abs(share.Population - share.Sample)).DefaultIfEmpty().Max();
}

/// <summary>What a sample does with battles about the same prompt (see <see cref="Core.Battles.PromptGroup"/>).</summary>
public enum SamplePrompts
{
    /// <summary>Battles are drawn one by one.</summary>
    Any,

    /// <summary>All battles of a prompt or none: the size of the sample is met only about.</summary>
    Together,

    /// <summary>At most one battle of each prompt.</summary>
    OneEach,
}

/// <summary>How often a property occurs in a set and in a sample of it.</summary>
/// <param name="Property">What was looked at: language, source, turns, verdict or length.</param>
/// <param name="Value">The value: <c>English</c>, <c>2 turns</c>, <c>1024-2047 characters</c>.</param>
/// <param name="Population">The share of the whole set, 0 to 1.</param>
/// <param name="Sample">The share of the sample, 0 to 1.</param>
public sealed record Share(string Property, string Value, double Population, double Sample);
