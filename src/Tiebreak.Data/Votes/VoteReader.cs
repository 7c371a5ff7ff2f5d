using Tiebreak.Core;
using Tiebreak.Data.Csv;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

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
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The votes. Rows that are none (an unknown winner, no model) are problems of the table and never ties.</returns>
    /// <exception cref="InputException">The file cannot be read, has not the columns, or no row of it is a vote.</exception>
    public static VoteTable Read(string path, BattleReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new BattleReadOptions();
        using var source = SourceFile.Open(path, hash: false);
        if (source.Kind == TextKind.Parquet)
            throw new InputException($"{path} is a Parquet file; votes are read from CSV and JSON.");

        IBlockSource blocks = source.Kind == TextKind.JsonList
            ? new JsonListReader(path, source.Text, options.BlockBytes, options.MaxRecordBytes)
            : new BlockReader(source.Text, source.Kind == TextKind.Csv, options.BlockBytes, options.MaxRecordBytes);
        Block? Next() => source.Next(blocks);
        var first = Next() ?? throw new InputException($"{path} has no rows.");
        var parse = source.Kind == TextKind.Csv ? StartCsv(path, ref first, Next, options) : new VoteJsonParser(path, options.MaxRecordBytes).Parse;

        var votes = new VoteMerge();
        foreach (var block in BlockPipeline.Run(() => Interlocked.Exchange(ref first, null) ?? Next(), parse, options.Threads, cancellationToken))
        {
            votes.Add(block);
            if (block.Error is not null)
                throw block.Error;
            options.Progress?.Report(new ReadProgress(source.BytesRead, source.Length));
        }

        var table = votes.Finish();
        return table.Count > 0 ? table : throw new InputException(table.Problems.Count == 0
            ? $"{path} has no rows{(source.Kind == TextKind.Csv ? ", only column names" : "")}."
            : $"None of the {table.Problems.Count} rows is a vote. The first: {table.Problems[0]}");
    }

    private static Func<Block, VoteBlock> StartCsv(string path, ref Block first, Func<Block?> next, BattleReadOptions options)
    {
        while (true)
        {
            if (CsvHeader.Take(path, first, options.MaxRecordBytes) is { } names)
                return new VoteCsvParser(path, VoteColumns.Find(path, names), options.MaxRecordBytes).Parse;
            first.Return();
            first = next() ?? throw new InputException($"{path} holds nothing but blank lines.");
        }
    }
}
