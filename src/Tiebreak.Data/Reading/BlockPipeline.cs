using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Parses the blocks of a file in parallel. The thread that asks for results reads the blocks and hands them to the thread pool; the
/// results come in file order. No more than <c>2 * threads</c> blocks are under way, so a slow caller holds back the reading.
/// </summary>
internal static class BlockPipeline
{
    /// <summary>The results in file order.</summary>
    /// <param name="next">
    /// Reads the next block, or null at the end; what it throws is thrown on behind the results of the blocks before.
    /// </param>
    /// <param name="parse">Parses a block, on any thread.</param>
    /// <param name="threads">At least 1, which parses on the caller's thread.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public static IEnumerable<T> Run<T>(Func<Block?> next, Func<Block, T> parse, int threads, CancellationToken cancellationToken)
    {
        var pending = new Queue<Task<T>>();
        TiebreakException? failure = null;
        var hasEnded = false;
        while (true)
        {
            while (!hasEnded && pending.Count < 2 * threads)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var block = TryRead(next, out failure);
                hasEnded = block is null;
                if (block is not null)
                {
                    pending.Enqueue(threads == 1
                        ? Task.FromResult(Parse(parse, block))
                        : Task.Run(() => Parse(parse, block), CancellationToken.None));
                }
            }

            if (!pending.TryDequeue(out var task))
                break;
            yield return task.GetAwaiter().GetResult();
        }

        if (failure is not null)
            throw failure;
    }

    private static T Parse<T>(Func<Block, T> parse, Block block)
    {
        try
        {
            return parse(block);
        }
        finally
        {
            block.Return();
        }
    }

    // The blocks before the damage are still under way; the failure waits until their results have been given out.
    private static Block? TryRead(Func<Block?> next, out TiebreakException? failure)
    {
        try
        {
            failure = null;
            return next();
        }
        catch (TiebreakException exception)
        {
            failure = exception;
            return null;
        }
    }
}
