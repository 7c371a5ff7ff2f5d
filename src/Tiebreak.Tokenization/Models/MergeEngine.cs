using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Models;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909): of all neighbours that may merge, those of the lowest rank
/// do, the leftmost first, until none may. Short pieces search the whole row for every merge; long ones keep their merges in a queue, so
/// that the time is linear in the length.
/// </summary>
/// <param name="pairs">The merges.</param>
internal sealed class MergeEngine(PairTable pairs)
{
    private const int ShortPiece = 96;

    /// <summary>Merges a row of symbols in place.</summary>
    /// <param name="ids">Their ids; the first so many hold the result afterwards.</param>
    /// <param name="ends">Where each ends in the text; likewise.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="workspace">Memory to work with.</param>
    /// <returns>How many are left.</returns>
    public int Run(Span<int> ids, Span<int> ends, int count, Workspace workspace) =>
        count <= ShortPiece ? RunShort(ids, ends, count) : RunLong(ids, ends, count, workspace);

    private int RunShort(Span<int> ids, Span<int> ends, int count)
    {
        Span<long> merges = stackalloc long[ShortPiece];
        for (var i = 0; i + 1 < count; i++)
            merges[i] = pairs.Find(ids[i], ids[i + 1]);

        while (count > 1)
        {
            var (best, at) = (PairTable.None, 0);
            for (var i = 0; i + 1 < count; i++)
            {
                if (merges[i] < best)
                    (best, at) = (merges[i], i);
            }

            if (best == PairTable.None)
                break;

            ids[at] = PairTable.ResultOf(best);
            ids[(at + 2)..count].CopyTo(ids[(at + 1)..]);
            ends[(at + 1)..count].CopyTo(ends[at..]);
            count--;
            merges[(at + 1)..count].CopyTo(merges[at..]);
            if (at > 0)
                merges[at - 1] = pairs.Find(ids[at - 1], ids[at]);
            if (at + 1 < count)
                merges[at] = pairs.Find(ids[at], ids[at + 1]);
        }

        return count;
    }

    private int RunLong(Span<int> ids, Span<int> ends, int count, Workspace workspace)
    {
        var queue = workspace.Merges;
        queue.Start(pairs.Orders, count);
        var (next, previous) = workspace.Links(count);
        for (var i = 0; i < count; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < count)
                Offer(i, ids[i], ids[i + 1], queue);
        }

        while (queue.TryTake(out var order, out var at))
        {
            // What has changed since the merge was offered is seen by its pair: a dead symbol has id -1.
            var right = next[at];
            if (ids[at] < 0 || right >= count)
                continue;
            var merge = pairs.Find(ids[at], ids[right]);
            if (PairTable.OrderOf(merge) != order)
                continue;

            ids[at] = PairTable.ResultOf(merge);
            ends[at] = ends[right];
            ids[right] = -1;
            next[at] = next[right];
            if (next[at] < count)
            {
                previous[next[at]] = at;
                Offer(at, ids[at], ids[next[at]], queue);
            }

            if (previous[at] >= 0)
                Offer(previous[at], ids[previous[at]], ids[at], queue);
        }

        var kept = 0;
        for (var i = 0; i < count; i = next[i])
            (ids[kept], ends[kept++]) = (ids[i], ends[i]);
        return kept;
    }

    private void Offer(int at, int left, int right, MergeQueue queue)
    {
        if (pairs.Find(left, right) is var merge and not PairTable.None)
            queue.Add(PairTable.OrderOf(merge), at);
    }
}
