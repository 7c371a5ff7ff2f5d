using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Data.Csv;
using Tiebreak.Data.Jsonl;
using Tiebreak.Data.Kaggle;

namespace Tiebreak.Data.Input;

/// <summary>
/// One pass over a battle file. The thread that asks for rows reads the blocks and hands them to the thread pool; the blocks come back in
/// file order. No more than <c>2 * Threads</c> blocks are under way, so a slow caller holds back the reading.
/// </summary>
internal sealed class BattleFile(string path, BattleReadOptions options, bool hash) : IDisposable
{
    private readonly SourceFile _source = SourceFile.Open(path, hash);
    private long _rows;

    /// <summary>Bytes on disk; 0 for a pipe.</summary>
    public long Length => _source.Length;

    /// <summary>What the file was. Call it after the rows have been read.</summary>
    public DataFingerprint Fingerprint() => new(Path.GetFileName(path), _rows, _source.Sha256());

    /// <summary>The rows in file order; may be enumerated once.</summary>
    public IEnumerable<BattleRow> Rows(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRecordBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxRecordBytes, BattleReadOptions.LargestRecordBytes);
        var blocks = new BlockReader(_source.Text, _source.Kind == TextKind.Csv, options.BlockBytes, options.MaxRecordBytes);
        var (parser, first) = Start(blocks);
        var pending = new Queue<Task<ParsedBlock>>();
        Exception? failure = null;
        while (true)
        {
            while (failure is null && pending.Count < 2 * options.Threads)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var block = first ?? TryRead(blocks, out failure);
                first = null;
                if (block is null)
                    break;
                pending.Enqueue(options.Threads == 1 ? Task.FromResult(Parse(parser, block)) : Task.Run(() => Parse(parser, block), CancellationToken.None));
            }

            if (!pending.TryDequeue(out var task))
                break;

            var parsed = task.GetAwaiter().GetResult();
            foreach (var row in parsed.Rows)
            {
                _rows++;
                yield return row;
            }

            if (parsed.Error is not null)
                throw parsed.Error;
            options.Progress?.Report(new ReadProgress(_source.BytesRead, _source.Length));
        }

        if (failure is not null)
            throw failure;
        if (_rows == 0)
            throw new InputException($"{path} has no rows{(_source.Kind == TextKind.Csv ? ", only column names" : "")}.");
    }

    public void Dispose() => _source.Dispose();

    private static ParsedBlock Parse(IBlockParser parser, Block block)
    {
        try
        {
            return parser.Parse(block);
        }
        finally
        {
            block.Return();
        }
    }

    /// <summary>Reads up to the first rows: the header, and with it what the columns are.</summary>
    private (IBlockParser Parser, Block? First) Start(BlockReader blocks)
    {
        if (_source.Kind == TextKind.Jsonl)
            return (new JsonlParser(path, options), null);

        while (true)
        {
            var block = TryRead(blocks, out var failure) ?? throw failure ?? new InputException($"{path} holds nothing but blank lines.");
            if (CsvHeader.Take(path, block, options.MaxRecordBytes) is { } names)
                return (new KaggleParser(path, KaggleColumns.Find(path, names, options.Purpose), options), block);
            block.Return();
        }
    }

    // The blocks before the damage are still under way; the failure waits until their rows have been given out.
    private Block? TryRead(BlockReader blocks, out Exception? failure)
    {
        try
        {
            failure = null;
            return blocks.Next();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            failure = SourceFile.Explain(path, exception);
            return null;
        }
    }
}
