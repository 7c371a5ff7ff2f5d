using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Splitting;

/// <summary>
/// Folds for cross-validation in which battles about one prompt stay together and every fold has about the same number of rows and the same
/// shares of outcomes (greedy assignment, largest groups first).
/// </summary>
public static class GroupedFolds
{
    /// <summary>Assigns each battle a fold.</summary>
    /// <param name="labelled">The battles.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <returns>The fold of each battle, 0 to <paramref name="folds"/> - 1.</returns>
    /// <exception cref="InputException">There are fewer distinct prompts than folds.</exception>
    public static int[] Assign(LabelledBattles labelled, int folds, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var groups = Enumerable.Range(0, labelled.Count).GroupBy(i => labelled.Groups[i]).Select(group => group.ToArray()).ToArray();
        if (groups.Length < folds)
            throw new InputException($"{folds} folds need at least {folds} different prompts, but the data has {groups.Length}. Give more battles or ask for fewer folds.");

        var random = new SeededRandom(seed);
        random.Shuffle(groups.AsSpan());

        var load = new double[folds, 3];
        var assignment = new int[labelled.Count];
        foreach (var group in groups.OrderByDescending(group => group.Length)) // stable: equal sizes keep the shuffled order
        {
            var best = 0;
            var bestCost = double.MaxValue;
            for (var fold = 0; fold < folds; fold++)
            {
                var cost = CostOfAdding(group, fold, load, labelled.Targets);
                if (cost < bestCost)
                    (best, bestCost) = (fold, cost);
            }

            foreach (var i in group)
            {
                assignment[i] = best;
                for (var outcome = 0; outcome < 3; outcome++)
                    load[best, outcome] += labelled.Targets[i][(Outcome)outcome];
            }
        }

        return assignment;
    }

    /// <summary>
    /// Assigns the target's battles the folds that they have alone. The others follow: those about a prompt of the target stay with it, the rest
    /// are dealt out by prompt. So no source tells what another one is to be tested on, and offering more sources changes no test.
    /// </summary>
    /// <param name="labelled">The battles of all sources.</param>
    /// <param name="isTarget">Whether a battle is the target's.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <returns>The fold of each battle, 0 to <paramref name="folds"/> - 1.</returns>
    /// <exception cref="InputException">The target has fewer distinct prompts than folds.</exception>
    public static int[] Assign(LabelledBattles labelled, IReadOnlyList<bool> isTarget, int folds, ulong seed)
    {
        int[] target = [.. Enumerable.Range(0, labelled.Count).Where(i => isTarget[i])];
        if (target.Length == labelled.Count)
            return Assign(labelled, folds, seed);

        var ofTarget = Assign(labelled.Only(target), folds, seed);
        var foldOfGroup = new Dictionary<int, int>();
        for (var k = 0; k < target.Length; k++)
            foldOfGroup[labelled.Groups[target[k]]] = ofTarget[k];
        return [.. labelled.Groups.Select(group => foldOfGroup.TryGetValue(group, out var fold) ? fold : group % folds)];
    }

    // The growth of the sum of squared class counts: least for the fold that is emptiest in just these classes.
    private static double CostOfAdding(int[] group, int fold, double[,] load, IReadOnlyList<Preference> targets)
    {
        var cost = 0.0;
        for (var outcome = 0; outcome < 3; outcome++)
        {
            var added = group.Sum(i => targets[i][(Outcome)outcome]);
            cost += added * ((2 * load[fold, outcome]) + added);
        }

        return cost;
    }
}
