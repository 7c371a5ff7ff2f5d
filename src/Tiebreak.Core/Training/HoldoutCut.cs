using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Core.Training;

/// <summary>Divides battles into those to learn from and those held out.</summary>
/// <param name="Training">Rows to learn from, of all sources.</param>
/// <param name="HeldOut">Rows of the target that are held out.</param>
/// <param name="LeftOut">
/// How many battles of other sources are neither: they are about a prompt that is held out, so a judge that learned from them would
/// know it.
/// </param>
internal sealed record HoldoutCut(int[] Training, int[] HeldOut, int LeftOut)
{
    /// <summary>
    /// Holds out about a share of the target's battles: whole prompts, with about the same shares of outcomes as the rest.
    /// </summary>
    /// <param name="battles">The battles of all sources.</param>
    /// <param name="isTarget">Whether a battle is the target's.</param>
    /// <param name="share">The share, above 0 and at most <see cref="Holdout.MaxShare"/>.</param>
    /// <param name="fewestPrompts">How many prompts calibration and training need each.</param>
    /// <param name="seed">Decides among equally good divisions.</param>
    /// <exception cref="InputException">One of the two parts has too few prompts.</exception>
    public static HoldoutCut Of(LabelledBattles battles, IReadOnlyList<bool> isTarget, double share, int fewestPrompts, ulong seed)
    {
        int[] target = [.. Enumerable.Range(0, battles.Count).Where(i => isTarget[i])];
        int[] groups = [.. target.Select(i => battles.Groups[i])];
        var part = GroupedParts.Assign(battles.Only(target), [1 - share, share], seed) ?? new int[target.Length]; // one prompt
        var heldOutGroups = groups.Where((_, k) => part[k] == 1).ToHashSet();
        var trainingGroups = groups.Distinct().Count() - heldOutGroups.Count;
        if (Math.Min(heldOutGroups.Count, trainingGroups) < fewestPrompts)
        {
            throw new InputException(
                $"A hold-out of {share} divides the prompts into {trainingGroups} to train on and {heldOutGroups.Count} held out, " +
                $"but each part needs at least {fewestPrompts}. Give more battles or change the share.");
        }

        int[] training = [.. Enumerable.Range(0, battles.Count).Where(i => !heldOutGroups.Contains(battles.Groups[i]))];
        int[] heldOut = [.. target.Where(i => heldOutGroups.Contains(battles.Groups[i]))];
        return new HoldoutCut(training, heldOut, battles.Count - training.Length - heldOut.Length);
    }
}
