namespace Tiebreak.Ratings.Uncertainty;

/// <summary>The rows of each cluster, in one array.</summary>
internal sealed class ClusterRows
{
    private readonly int[] _starts;
    private readonly int[] _rows;

    private ClusterRows(int[] starts, int[] rows) => (_starts, _rows) = (starts, rows);

    public int Count => _starts.Length - 1;

    public ReadOnlySpan<int> this[int cluster] => _rows.AsSpan(_starts[cluster].._starts[cluster + 1]);

    /// <param name="clusters">The cluster of each row, numbered from 0.</param>
    public static ClusterRows Of(int[] clusters)
    {
        var starts = new int[clusters.Max() + 2];
        foreach (var cluster in clusters)
            starts[cluster + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];

        var (next, rows) = (starts[..^1], new int[clusters.Length]);
        for (var row = 0; row < rows.Length; row++)
            rows[next[clusters[row]]++] = row;
        return new ClusterRows(starts, rows);
    }
}
