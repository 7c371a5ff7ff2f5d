namespace Tiebreak.Ratings.Votes;

/// <summary>Clusters of votes that depend on each other, because one person cast them or they are about one prompt.</summary>
public static class Clusters
{
    /// <summary>Numbers the clusters of labels 0, 1, 2... in order of first appearance; a vote whose label is empty is alone.</summary>
    public static int[] Number(IReadOnlyList<string> labels)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var clusters = new int[labels.Count];
        var next = 0;
        for (var i = 0; i < clusters.Length; i++)
        {
            if (labels[i].Length == 0)
                clusters[i] = next++;
            else if (!numbers.TryGetValue(labels[i], out clusters[i]))
                numbers.Add(labels[i], clusters[i] = next++);
        }

        return clusters;
    }

    /// <summary>Numbers clusters again without gaps, for instance after votes were left out.</summary>
    public static int[] Renumber(IReadOnlyList<int> clusters)
    {
        var numbers = new Dictionary<int, int>();
        var renumbered = new int[clusters.Count];
        for (var i = 0; i < renumbered.Length; i++)
        {
            if (!numbers.TryGetValue(clusters[i], out renumbered[i]))
                numbers.Add(clusters[i], renumbered[i] = numbers.Count);
        }

        return renumbered;
    }
}
