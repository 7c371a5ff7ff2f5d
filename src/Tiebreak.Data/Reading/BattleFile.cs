using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Layouts;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.PublicSets;
using Tiebreak.Data.Reading.Csv;
using Tiebreak.Data.Reading.Json;
using Tiebreak.Data.Reading.Parquet;

namespace Tiebreak.Data.Reading;

/// <summary>One pass over a battle file: finds out what it holds, and gives its rows.</summary>
internal sealed class BattleFile(string path, BattleReadOptions options, bool hash) : IDisposable
{
    // Enough to outvote rows that are broken or came from somewhere else.
    private const int RowsThatTellLayout = 20;

    private readonly SourceNote? _note = SourceNote.Beside(path); // before the file is opened: a bad note leaves nothing open
    private readonly SourceFile _source = SourceFile.Open(path, hash);
    private RepeatedIds? _madeIds;
    private ChatPairing? _pairing;
    private long _rows;

    /// <summary>What the file was. Call it after the rows have been read.</summary>
    public DataFingerprint Fingerprint() => new(Path.GetFileName(path), _rows, _source.Sha256());

    /// <summary>The rows in file order; may be enumerated once.</summary>
    public IEnumerable<BattleRow> Rows(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRecordBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxRecordBytes, BattleReadOptions.LargestRecordBytes);
        foreach (var parsed in _source.Kind == TextKind.Parquet ? ParquetBlocks(cancellationToken) : TextBlocks(cancellationToken))
        {
            foreach (var row in parsed.Rows)
            {
                _rows++;
                if (Finished(WithSource(row)) is { } finished)
                    yield return finished;
            }

            if (parsed.Error is not null)
                throw parsed.Error;
            options.Progress?.Report(new JobProgress(
                options.Stage ?? $"reading {Path.GetFileName(path)}", _source.BytesRead, _source.Length));
        }

        if (_rows == 0)
        {
            throw new InputException(
                $"{path} has no rows{(_source.Kind is TextKind.Csv or TextKind.Parquet ? ", only column names" : "")}.");
        }

        foreach (var row in _pairing?.Finish() ?? [])
            yield return row;
    }

    public void Dispose() => _source.Dispose();

    /// <summary>What needs to know the rows before: ids that are made, conversations that are paired.</summary>
    private BattleRow? Finished(BattleRow row) =>
        _pairing is not null ? _pairing.Add(row) : _madeIds is not null ? _madeIds.Number(row) : row;

    private BattleRow WithSource(BattleRow row) => _note is null || row.Battle is not { } battle
        ? row
        : row with { Battle = battle with { Source = battle.Source ?? _note.Source, License = battle.License ?? _note.License } };

    private IEnumerable<ParsedBlock> TextBlocks(CancellationToken cancellationToken)
    {
        IBlockSource blocks = _source.Kind == TextKind.JsonList
            ? new JsonListReader(path, _source.Text, options.BlockBytes, options.MaxRecordBytes)
            : new BlockReader(_source.Text, _source.Kind == TextKind.Csv, options.BlockBytes, options.MaxRecordBytes);
        var seen = new Queue<Block>();
        var (parser, fault) = _source.Kind == TextKind.Csv ? (StartCsv(blocks, seen), null) : StartJson(blocks, seen);
        return BlockPipeline.Run(
            () => seen.TryDequeue(out var block) ? block : fault is null ? _source.Next(blocks) : throw fault,
            parser.Parse,
            options.Threads,
            cancellationToken);
    }

    private IEnumerable<ParsedBlock> ParquetBlocks(CancellationToken cancellationToken)
    {
        using var table = ParquetTable.Open(path, options.Threads);
        var names = table.Columns.ToHashSet(StringComparer.Ordinal);
        var layout = RecordLayouts.FindTable(names, options) ??
            throw new InputException(
                $"{path} is a Parquet file of no known layout; its columns are {ColumnNames.List([.. table.Columns])}.");
        foreach (var parsed in new ParquetRows(path, table, Open(layout, names), options).Read(cancellationToken))
            yield return parsed;
    }

    /// <summary>Reads up to the first rows: the header, and with it what the columns are.</summary>
    private IBlockParser StartCsv(IBlockSource blocks, Queue<Block> seen)
    {
        while (true)
        {
            var block = _source.Next(blocks) ?? throw new InputException($"{path} holds nothing but blank lines.");
            if (CsvHeader.Take(path, block, options.MaxRecordBytes) is not { } names)
            {
                block.Return();
                continue;
            }

            var known = names.ToHashSet(StringComparer.Ordinal);
            var layout = RecordLayouts.FindTable(known, options);
            seen.Enqueue(block);
            return layout is null or KaggleRecordLayout
                ? new KaggleParser(path, KaggleColumns.Find(path, names, options.Purpose), options)
                : new CsvRecordParser(path, ColumnNames.Distinct(path, names), Open(layout, known), options);
        }
    }

    /// <summary>
    /// Reads the first rows; the layout that most of them have is the file's, and the others will be reported. An error behind them is
    /// kept, so that what stands before it is given out first.
    /// </summary>
    private (IBlockParser Parser, InputException? Fault) StartJson(IBlockSource blocks, Queue<Block> seen)
    {
        var rows = new List<HashSet<string>>();
        InputException? fault = null;
        try
        {
            while (rows.Count < RowsThatTellLayout && _source.Next(blocks) is { } block)
            {
                JsonColumns.Add(block, options.MaxRecordBytes, RowsThatTellLayout, rows);
                seen.Enqueue(block);
            }
        }
        catch (InputException exception)
        {
            fault = exception;
        }

        var most = rows.Where(names => names.Count > 0)
            .GroupBy(names => RecordLayouts.FindJson(names, options)?.GetType())
            .MaxBy(group => group.Count()); // the first of equals
        return most is { Key: not null } && RecordLayouts.FindJson(most.First(), options) is { } layout
            ? (new JsonRowParser(path, options, new JsonRecordReader(Open(layout, most.First())).Read), fault)
            : (new JsonRowParser(path, options, JsonlRow.Read), fault);
    }

    private LayoutReader Open(IRecordLayout layout, IReadOnlySet<string> names)
    {
        _pairing = layout is ChatLayout ? new ChatPairing(path, options.SideSeed) : null;
        _madeIds = layout.MakesIds(names) ? new RepeatedIds() : null;
        return new LayoutReader(layout);
    }
}
