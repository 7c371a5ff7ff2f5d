using Tiebreak.Core.Randomness;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Folds that keep clusters together.</summary>
internal static class HeldOut
{
    /// <summary>The fold of every vote.</summary>
    public static int[] Folds(int[] clusters, int folds, ulong seed)
    {
        var order = Enumerable.Range(0, clusters.Max() + 1).ToArray();
        var random = new SeededRandom(seed);
        random.Shuffle<int>(order);
        return Array.ConvertAll(clusters, cluster => order[cluster] % folds);
    }

    /// <summary>The votes whose fold is wanted.</summary>
    public static int[] Rows(int[] folds, Predicate<int> isWanted) =>
        [.. Enumerable.Range(0, folds.Length).Where(row => isWanted(folds[row]))];
}
