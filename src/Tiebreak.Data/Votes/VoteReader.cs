using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Reading.Csv;
using Tiebreak.Data.Reading.Json;

namespace Tiebreak.Data.Votes;

/// <summary>
/// Reads votes without texts: CSV, JSON Lines or a JSON list with <c>model_a, model_b, winner</c> and, where given, <c>judge</c> (or voter,
/// worker), <c>tstamp</c> (or timestamp), <c>language</c>, <c>turn</c>, <c>weight</c>; plain, gzip or Zstandard. Battle files of these
/// column names can be read for their votes as well.
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
        if (source.Kind == TextKind.Parquet)
            throw new InputException($"{path} is a Parquet file; votes are read from CSV and JSON.");

        var blocks = Blocks(path, source, options);
        Block? Next() => source.Next(blocks);
        var first = Next() ?? throw new InputException($"{path} has no rows.");
        var parse = source.Kind == TextKind.Csv
            ? StartCsv(path, ref first, Next, options, kept)
            : new VoteJsonParser(path, kept, options.MaxRecordBytes).Parse;

        var votes = new VoteMerge(kept, options.Threads);
        foreach (var block in BlockPipeline.Run(
            () => Interlocked.Exchange(ref first, null) ?? Next(), parse, options.Threads, cancellationToken))
        {
            votes.Add(block);
            if (block.Error is not null)
                throw block.Error;
            options.Progress?.Report(new JobProgress(options.Stage ?? "reading votes", source.BytesRead, source.Length));
        }

        var table = votes.Finish();
        return table.Count > 0 ? table : throw new InputException(table.Problems.Count == 0
            ? $"{path} has no rows{(source.Kind == TextKind.Csv ? ", only column names" : "")}."
            : $"None of the {table.Problems.Count} rows is a vote. The first: {table.Problems[0]}");
    }

    /// <summary>
    /// True if a file can be read here: it is no Parquet, and its columns, or the keys of its first row, are those of votes.
    /// </summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static bool CanRead(string path)
    {
        using var source = SourceFile.Open(path, hash: false);
        if (source.Kind == TextKind.Parquet)
            return false;
        var options = new BattleReadOptions();
        if (source.Next(Blocks(path, source, options)) is not { } first)
            return false;
        if (source.Kind == TextKind.Csv)
            return VoteColumns.AreIn(CsvHeader.Take(path, first, options.MaxRecordBytes) ?? []);
        var records = new JsonRecords(first, options.MaxRecordBytes);
        return records.Next() && !records.IsTooLarge && VoteColumns.AreIn(JsonKeys.Of(records.Current));
    }

    private static IBlockSource Blocks(string path, SourceFile source, BattleReadOptions options) => source.Kind == TextKind.JsonList
        ? new JsonListReader(path, source.Text, options.BlockBytes, options.MaxRecordBytes)
        : new BlockReader(source.Text, source.Kind == TextKind.Csv, options.BlockBytes, options.MaxRecordBytes);

    private static Func<Block, VoteBlock> StartCsv(
        string path, ref Block first, Func<Block?> next, BattleReadOptions options, string[] kept)
    {
        while (true)
        {
            if (CsvHeader.Take(path, first, options.MaxRecordBytes) is { } names)
            {
                return new VoteCsvParser(
                    path, VoteColumns.Find(path, names), VoteColumns.Places(path, names, kept), kept.Length, options.MaxRecordBytes).Parse;
            }

            first.Return();
            first = next() ?? throw new InputException($"{path} holds nothing but blank lines.");
        }
    }
}
