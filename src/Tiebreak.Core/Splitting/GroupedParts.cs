using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Splitting;

/// <summary>
/// Divides items into parts so that groups stay together, every part has about its fraction of them, and the same shares of labels:
/// greedily, the largest groups first.
/// </summary>
internal static class GroupedParts
{
    private const int Outcomes = 3;

    /// <summary>Assigns each labelled battle a part; battles about one prompt are a group, and outcomes are the labels.</summary>
    /// <param name="labelled">The battles.</param>
    /// <param name="fractions">One positive number for each part; only their ratios count.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <returns>The part of each battle, or null where there are fewer different prompts than parts.</returns>
    public static int[]? Assign(LabelledBattles labelled, IReadOnlyList<double> fractions, ulong seed) =>
        Assign(labelled.Groups, Outcomes, (i, outcome) => labelled.Targets[i][(Outcome)outcome], fractions, seed);

    /// <summary>Assigns each item a part.</summary>
    /// <param name="groups">The group of each item.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="weight">How much of a label an item has; for each item and label.</param>
    /// <param name="fractions">One positive number for each part; only their ratios count.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <returns>The part of each item, or null where there are fewer different groups than parts.</returns>
    public static int[]? Assign(
        IReadOnlyList<int> groups, int labels, Func<int, int, double> weight, IReadOnlyList<double> fractions, ulong seed)
    {
        var members = Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).Select(group => group.ToArray()).ToArray();
        if (members.Length < fractions.Count)
            return null;

        new SeededRandom(seed).Shuffle(members.AsSpan());
        var (load, added, part) = (new double[fractions.Count, labels], new double[labels], new int[groups.Count]);
        foreach (var group in members.OrderByDescending(group => group.Length)) // stable: equal sizes keep the shuffled order
        {
            Array.Clear(added);
            foreach (var i in group)
            {
                for (var label = 0; label < labels; label++)
                    added[label] += weight(i, label);
            }

            var best = Best(load, added, fractions);
            foreach (var i in group)
            {
                part[i] = best;
                for (var label = 0; label < labels; label++)
                    load[best, label] += weight(i, label);
            }
        }

        return part;
    }

    /// <summary>The part at the lowest cost; the first of equals.</summary>
    private static int Best(double[,] load, double[] added, IReadOnlyList<double> fractions)
    {
        var (best, lowest) = (0, Cost(load, 0, added) / fractions[0]);
        for (var part = 1; part < fractions.Count; part++)
        {
            var cost = Cost(load, part, added) / fractions[part];
            if (cost < lowest)
                (best, lowest) = (part, cost);
        }

        return best;
    }

    // The growth of the sum of squared label counts; divided by its fraction, it is least for the part that lacks most of just these
    // labels.
    private static double Cost(double[,] load, int part, double[] added)
    {
        var cost = 0.0;
        for (var label = 0; label < added.Length; label++)
            cost += added[label] * ((2 * load[part, label]) + added[label]);
        return cost;
    }
}
