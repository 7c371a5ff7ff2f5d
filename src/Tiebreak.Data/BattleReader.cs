using Tiebreak.Core;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data;

/// <summary>
/// Reads battle files as a stream: Tiebreak JSONL, the competition's CSV, and the public sets of the field in their own layouts (the
/// Arena's conversations, chosen and rejected or rated responses, judge benchmarks and others) as JSON Lines, a JSON list or CSV, plain,
/// gzip or Zstandard, or as Parquet, of which one row group at a time is in memory. Everything is recognised by content and not by name.
/// Rows are parsed in parallel and come in file order.
/// </summary>
public static class BattleReader
{
    /// <summary>The rows of a file, in file order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// A lazy sequence that opens the file when it is enumerated. It holds at most <c>2 * Threads + 1</c> blocks of 1 MiB (a block is as
    /// large as the largest row where that is more), three times as much working space for each thread, and the battles of those blocks,
    /// which take twice the bytes: about <c>9 * Threads + 3</c> MiB besides what the garbage collector leaves lying, whatever the size
    /// of the file. Files without ids keep one id per row in memory; single conversations (LMSYS-Chat-1M) keep the first turns that wait
    /// for a partner.
    /// </returns>
    /// <exception cref="InputException">
    /// During the enumeration: the file cannot be read, is no battle file, has no rows, or cannot be read any further (quoting, a row
    /// larger than allowed, damaged compression). Rows before the damage may have been given out. Bad single rows are no exceptions but
    /// problems.
    /// </exception>
    public static IEnumerable<BattleRow> Read(string path, BattleReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var file = new BattleFile(path, options ?? new BattleReadOptions(), hash: false);
        foreach (var row in file.Rows(cancellationToken))
            yield return row;
    }
}
