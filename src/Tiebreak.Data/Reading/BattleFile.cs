using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
    private readonly SourceNote? _note = SourceNote.Beside(path); // before the file is opened: a bad note leaves nothing open
    private readonly SourceFile _source = SourceFile.Open(path, hash);
    private readonly FileReading _reading = new(path, options);
    private RepeatedIds? _madeIds;
    private ChatPairing? _pairing;
    private long _rows;

    /// <summary>What the file was. Call it after the rows have been read.</summary>
    public DataFingerprint Fingerprint() => new(Path.GetFileName(path), _rows, _source.Sha256());

    /// <summary>What is worth saying about the file. Ask for it after the rows have been read.</summary>
    public IEnumerable<string> Notices => _reading.Notices;

    /// <summary>Columns that are not read. Ask for them after the rows have been read.</summary>
    public IReadOnlyList<string> Unused => _reading.Unused;

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

        _reading.Finish();
        if (_rows == 0)
        {
            throw new InputException(_reading.Filter is { } filter
                ? $"{path} has no row with {filter}."
                : $"{path} has no rows{(_source.Kind is TextKind.Csv or TextKind.Parquet ? ", only column names" : "")}.");
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
        Block? Next() => _source.Next(blocks);
        var (parser, next) = _source.Kind == TextKind.Csv ? StartCsv(Next) : StartJson(Next);
        return BlockPipeline.Run(next, parser.Parse, options.Threads, cancellationToken);
    }

    private IEnumerable<ParsedBlock> ParquetBlocks(CancellationToken cancellationToken)
    {
        using var table = ParquetTable.Open(path, options.Threads);
        _reading.Know([.. table.Columns]);
        var names = NamesOf(table.Columns);
        var layout = Find(names) ?? throw Unknown([.. table.Columns], "columns", table.Example());
        foreach (var parsed in new ParquetRows(_reading, table, Open(layout, names)).Read(cancellationToken))
            yield return parsed;
    }

    /// <summary>Reads up to the first rows: the header, and with it what the columns are.</summary>
    private (IBlockParser Parser, Func<Block?> Next) StartCsv(Func<Block?> next)
    {
        while (true)
        {
            var block = next() ?? throw new InputException($"{path} holds nothing but blank lines.");
            if (CsvHeader.Take(path, block, options.MaxRecordBytes) is not { } header)
            {
                block.Return();
                continue;
            }

            _reading.Know(header.Columns);
            var columns = ColumnNames.Distinct(path, header.Names(_reading.Columns));
            var names = NamesOf(header.Columns);
            var layout = Find(names) ?? throw Unknown(header.Columns, "columns");
            if (_reading.Columns.Paths.Count > 0 || !KaggleColumns.AreIn(path, names))
                return (new CsvRecordParser(_reading, header, Open(layout, names)), All);
            _reading.NoteUnused(KaggleHeader.Train);
            return (new KaggleParser(_reading, header, KaggleColumns.Find(columns)), All);

            Block? All() => Interlocked.Exchange(ref block, null) ?? next();
        }
    }

    /// <summary>
    /// Reads the first rows; the layout that most of them have is the file's, and the others will be reported.
    /// </summary>
    private (IBlockParser Parser, Func<Block?> Next) StartJson(Func<Block?> next)
    {
        var head = new JsonHead(next, options.MaxRecordBytes);
        _reading.Know(head.Keys, areAll: false);
        var most = head.Rows.Where(row => row.Keys.Count > 0).Select(row => (row.IsWhole, Names: NamesOf(row.Keys)))
            .GroupBy(row => Find(row.Names)?.GetType())
            .MaxBy(group => group.Count()); // the first of equals
        if (most is { Key: null } && most.Any(row => row.IsWhole) && !head.Rows.Exists(row => Find(NamesOf(row.Keys)) is not null))
            throw Unknown(head.Keys, "keys", head.Example(options.MaxRecordBytes));
        var names = most?.First().Names ?? [];
        if (Find(names) is { } layout && !(layout is PlainLayout && _reading.Columns.IsIdentity && PlainLayout.IsOwn(names)))
            return (new JsonRowParser(_reading, new JsonRecordReader(Open(layout, names), _reading.Columns).Read), head.Next);
        _reading.NoteUnused(BattleJson.Names);
        return (new JsonRowParser(_reading, JsonlRow.Read), head.Next);
    }

    // A prediction without the id of its row is of no use; elsewhere an id tells rows apart and nothing else.
    private void SayMissingIds()
    {
        if (options.Purpose == BattlePurpose.Test)
        {
            throw new InputException($"{path} has no ids, which test data needs. Say which column or key they are: `columns` id=NAME")
            {
                Parameters = ["columns"],
            };
        }

        _reading.Note("ids", "has no ids; they were made of the texts. If a column or key of another name holds them, call it id.");
    }

    private InputException Unknown(IReadOnlyCollection<string> columns, string kind, Dictionary<string, object?>? row = null) =>
        options.NeedsTexts ? UnknownLayout.OfBattles(path, columns, kind, row) : UnknownLayout.OfVotes(path, columns, kind, row);

    private HashSet<string> NamesOf(IEnumerable<string> columns) => _reading.Columns.NamesOf(columns);

    // A test row is kept with whatever could be read, even if all of them lack a text.
    private IRecordLayout? Find(HashSet<string> names) => RecordLayouts.Find(names, options)
        ?? (options.Purpose == BattlePurpose.Test && names.Contains("id") && names.Contains("prompt") ? new PlainLayout() : null);

    private LayoutReader Open(IRecordLayout layout, IReadOnlySet<string> names)
    {
        _pairing = layout is ChatLayout ? new ChatPairing(path, options.SideSeed) : null;
        if (layout is PlainLayout or KaggleRecordLayout && layout.MakesIds(names))
            SayMissingIds();
        _madeIds = layout.MakesIds(names) ? new RepeatedIds() : null;
        _reading.NoteUnused(layout.Columns);
        return new LayoutReader(layout);
    }
}
