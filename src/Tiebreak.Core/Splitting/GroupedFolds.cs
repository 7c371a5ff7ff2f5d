using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Splitting;

/// <summary>
/// Folds for cross-validation in which battles about one prompt stay together and every fold has about the same number of rows and the same
/// shares of outcomes (see <see cref="GroupedParts"/>).
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
        return GroupedParts.Assign(labelled, [.. Enumerable.Repeat(1.0, folds)], seed)
            ?? throw new InputException(
                $"{folds} folds need at least {folds} different prompts, but the data has {labelled.Groups.Distinct().Count()}. "
                + "Give more battles or ask for fewer folds.");
    }

    /// <summary>Assigns each battle a fold; of few prompts each is a fold of its own, and the last folds stay empty.</summary>
    /// <param name="labelled">The battles.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">Decides among equally good assignments.</param>
    /// <exception cref="InputException">All battles are about one prompt.</exception>
    internal static int[] AssignAsFar(LabelledBattles labelled, int folds, ulong seed) =>
        Assign(labelled, Math.Clamp(labelled.Groups.Distinct().Count(), 2, folds), seed);

    /// <summary>
    /// Assigns the target's battles the folds that they have alone. The others follow: those about a prompt of the target stay with it, the
    /// rest are dealt out by prompt. So no source tells what another one is to be tested on, and offering more sources changes no test.
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
}
