using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Layouts;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;
using Tiebreak.Data.Reading.Json;
using Tiebreak.Data.Reading.Parquet;

namespace Tiebreak.Data.Votes;

/// <summary>
/// Reads votes without texts: CSV, JSON Lines, a JSON list (each plain, gzip or Zstandard) or Parquet with <c>model_a, model_b, winner</c>
/// and, where given, <c>judge</c> (or voter, worker), <c>tstamp</c> (or timestamp), <c>language</c>, <c>turn</c>, <c>weight</c>. Battle
/// files of these column names can be read for their votes as well.
/// </summary>
public static class VoteReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Threads, the largest row and progress count; the purpose does not.</param>
    /// <param name="columns">Further columns to keep as texts, for instance a category; default: none.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The votes. Rows that are none (an unknown winner, no model) are problems of the table and never ties.</returns>
    /// <exception cref="InputException">The file cannot be read, has not the columns, or no row of it is a vote.</exception>
    public static VoteTable Read(
        string path, BattleReadOptions? options = null, IReadOnlyList<string>? columns = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new BattleReadOptions();
        string[] kept = [.. columns ?? []];
        using var source = SourceFile.Open(path, hash: false);
        var file = new FileReading(path, options, VoteColumns.Names);
        var votes = new VoteMerge(kept, options.Threads);
        var blocks = source.Kind == TextKind.Parquet
            ? ParquetBlocks(file, kept, cancellationToken) : TextBlocks(file, source, kept, cancellationToken);
        foreach (var block in blocks)
        {
            votes.Add(block);
            if (block.Error is not null)
                throw block.Error;
            options.Progress?.Report(new JobProgress(options.Stage ?? "reading votes", source.BytesRead, source.Length));
        }

        file.Finish();
        var table = votes.Finish(file);
        return table.Count > 0 ? table
            : throw (table.Problems.Count > 0 ? LossRule.NothingLeft(table.Problems, unused: [])
                : new InputException(file.Filter is { } filter
                    ? $"{path} has no row with {filter}."
                    : $"{path} has no rows{(source.Kind == TextKind.Csv ? ", only column names" : "")}."));
    }

    /// <summary>
    /// True if a file is to be read here: its columns, or the keys of its first rows, are those of votes; in Parquet, and of no layout of
    /// battles.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="mapping">What its columns are called, where they do not have the usual names.</param>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static bool CanRead(string path, BattleMapping? mapping = null)
    {
        using var source = SourceFile.Open(path, hash: false);
        var options = new BattleReadOptions();
        if (source.Kind == TextKind.Parquet)
        {
            using var table = ParquetTable.Open(path, threads: 1);
            return RecordLayouts.Find(new ColumnMap(table.Columns, mapping, RecordLayouts.Columns).NamesOf(table.Columns), options) is null
                && VoteColumns.AreIn(new ColumnMap(table.Columns, mapping, VoteColumns.Names).NamesOf(table.Columns));
        }

        var blocks = Blocks(path, source, options);
        Block? Next() => source.Next(blocks);
        IReadOnlyList<string> columns = source.Kind != TextKind.Csv ? new JsonHead(Next, options.MaxRecordBytes).Keys
            : Next() is { } first ? CsvHeader.Take(path, first, options.MaxRecordBytes)?.Columns ?? [] : [];
        return VoteColumns.AreIn(new ColumnMap(columns, mapping, VoteColumns.Names).NamesOf(columns));
    }

    private static IEnumerable<VoteBlock> TextBlocks(
        FileReading file, SourceFile source, string[] kept, CancellationToken cancellationToken)
    {
        var blocks = Blocks(file.Path, source, file.Options);
        Block? Next() => source.Next(blocks);
        var (parse, next) = source.Kind == TextKind.Csv ? StartCsv(file, Next, kept) : StartJson(file, Next, kept);
        return BlockPipeline.Run(next, parse, file.Options.Threads, cancellationToken);
    }

    private static IEnumerable<VoteBlock> ParquetBlocks(FileReading file, string[] kept, CancellationToken cancellationToken)
    {
        using var table = ParquetTable.Open(file.Path, file.Options.Threads);
        Know(file, table.Columns, areAll: true, kept, table.Example);
        foreach (var block in new VoteParquet(file, table, kept).Read(cancellationToken))
            yield return block;
    }

    private static IBlockSource Blocks(string path, SourceFile source, BattleReadOptions options) => source.Kind == TextKind.JsonList
        ? new JsonListReader(path, source.Text, options.BlockBytes, options.MaxRecordBytes)
        : new BlockReader(source.Text, source.Kind == TextKind.Csv, options.BlockBytes, options.MaxRecordBytes);

    private static (Func<Block, VoteBlock> Parse, Func<Block?> Next) StartCsv(FileReading file, Func<Block?> next, string[] kept)
    {
        while (true)
        {
            var block = next() ?? throw new InputException($"{file.Path} holds nothing but blank lines.");
            if (CsvHeader.Take(file.Path, block, file.Options.MaxRecordBytes) is not { } header)
            {
                block.Return();
                continue;
            }

            Know(file, header.Columns, areAll: true, kept, () => null);
            return (new VoteCsvParser(file, header, kept).Parse, () => Interlocked.Exchange(ref block, null) ?? next());
        }
    }

    private static (Func<Block, VoteBlock> Parse, Func<Block?> Next) StartJson(FileReading file, Func<Block?> next, string[] kept)
    {
        var head = new JsonHead(next, file.Options.MaxRecordBytes);
        Know(file, head.Keys, areAll: false, kept, () => head.Example(file.Options.MaxRecordBytes));
        return (new VoteJsonParser(file, kept).Parse, head.Next);
    }

    private static void Know(
        FileReading file, IReadOnlyList<string> columns, bool areAll, string[] kept, Func<Dictionary<string, object?>?> example)
    {
        file.Know(columns, areAll);
        if (columns.Count > 0 && !VoteColumns.AreIn(file.Columns.NamesOf(columns)))
            throw UnknownLayout.OfVotes(file.Path, columns, areAll ? "columns" : "keys", example());
        file.NoteUnused([.. VoteColumns.Known, .. kept]);
    }
}
