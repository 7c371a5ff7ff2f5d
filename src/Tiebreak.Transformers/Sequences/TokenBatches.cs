namespace Tiebreak.Transformers.Sequences;

/// <summary>Cuts rows into batches that are computed together.</summary>
internal static class TokenBatches
{
    /// <summary>
    /// Batches of rows of about equal lengths, the longest first: what does not fit into memory shows at the beginning, and the time that
    /// is left is overestimated rather than underestimated.
    /// </summary>
    /// <param name="lengths">Tokens of each row.</param>
    /// <param name="budget">Most tokens of a batch; a row that is longer is a batch of its own.</param>
    /// <returns>Rows by their index; each is in one batch.</returns>
    public static IEnumerable<int[]> Pack(IReadOnlyList<int> lengths, int budget)
    {
        var (batch, tokens) = (new List<int>(), 0L);
        foreach (var row in Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]))
        {
            if (batch.Count > 0 && tokens + lengths[row] > budget)
            {
                yield return [.. batch];
                batch.Clear();
                tokens = 0;
            }

            batch.Add(row);
            tokens += lengths[row];
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }
}
