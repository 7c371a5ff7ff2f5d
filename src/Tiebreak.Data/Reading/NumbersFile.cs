using System.Globalization;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Data.Reading.Csv;
using Tiebreak.Data.Reading.Json;
using Tiebreak.Data.Reading.Parquet;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Data.Reading;

/// <summary>Numbers of battles by id, as a CSV, Parquet or JSON file holds them: a column <c>id</c>, and columns of numbers.</summary>
internal sealed class NumbersFile
{
    private const double Largest = 1e30; // larger ones do not survive single precision
    private const int BlockBytes = 1 << 20;
    private const int MaxRecordBytes = 1 << 20;

    private static readonly string[] Absent = ["", "nan", "null", "none", "na", "n/a"];

    private readonly string _path;
    private readonly Dictionary<string, double[]> _rows = new(IdComparer.Instance);
    private readonly List<string> _wrong = [];
    private int[] _places = [];

    private NumbersFile(string path) => _path = path;

    /// <summary>The names of the columns of numbers.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">
    /// The file cannot be read, has no column <c>id</c> or none beside it, an id twice, or cells that are no numbers.
    /// </exception>
    public static NumbersFile Read(string path, CancellationToken cancellationToken)
    {
        var file = new NumbersFile(path);
        using (var source = SourceFile.Open(path, hash: false))
        {
            if (source.Kind is TextKind.Jsonl or TextKind.JsonList)
                file.ReadJson(source, cancellationToken);
            else if (source.Kind is TextKind.Parquet)
                file.ReadParquet(cancellationToken);
        }

        if (file.Columns.Count == 0)
            file.ReadCsv();
        if (file._wrong.Count > 0)
        {
            throw new InputException($"{path} has {Quantity.Of(file._wrong.Count, "cell that is", "cells that are")} no number: "
                + $"{Examples.Of(file._wrong)}. Leave columns of texts out; a cell may be empty where a number is not known.");
        }

        return file;
    }

    /// <summary>The ids of all rows.</summary>
    public IReadOnlyCollection<string> Ids => _rows.Keys;

    /// <summary>The numbers of a battle in the order of <see cref="Columns"/>, NaN for those that are not known; null for no row.</summary>
    public double[]? Find(string id) => _rows.GetValueOrDefault(id);

    private void ReadCsv()
    {
        var table = CsvTable.Read(_path);
        var id = Open([.. table.Header.Select(name => name.Trim())]);
        var cells = table.Rows.SelectMany(row => _places.Where(place => place < row.Cells.Length).Select(place => row.Cells[place]));
        var notation = NumberNotation.Of(cells);
        foreach (var (line, row) in table.Rows)
        {
            if (row.Length != table.Header.Count)
            {
                throw new InputException(
                    $"{_path}, line {line}: the row has {Quantity.Of(row.Length, "field")} where the header has {table.Header.Count}.");
            }


            Add(row[id], place => Parse(row[place], notation));
        }
    }

    private void ReadParquet(CancellationToken cancellationToken)
    {
        using var table = ParquetTable.Open(_path, threads: 1);
        var id = Open(table.Columns);
        var wanted = _places.Append(id).Select(place => table.Columns[place]).ToHashSet(StringComparer.Ordinal);
        for (var group = 0; group < table.RowGroups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in table.Rows(group, wanted))
            {
                Add(
                    Convert.ToString(row[table.Columns[id]], CultureInfo.InvariantCulture) ?? "",
                    place => Number(row[table.Columns[place]]));
            }
        }
    }

    private void ReadJson(SourceFile source, CancellationToken cancellationToken)
    {
        IBlockSource blocks = source.Kind is TextKind.JsonList
            ? new JsonListReader(_path, source.Text, BlockBytes, MaxRecordBytes)
            : new BlockReader(source.Text, quoted: false, BlockBytes, MaxRecordBytes);
        var rows = new List<Dictionary<string, JsonElement>>();
        while (source.Next(blocks) is { } block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var records = new JsonRecords(block, MaxRecordBytes);
            while (records.Next())
                rows.Add(records.IsTooLarge ? throw records.TooLarge(_path) : Object(records.Current, records.Line));
            block.Return();
        }

        string[] names = [.. rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal)];
        var id = names[Open(names)];
        foreach (var row in rows)
            Add(row.TryGetValue(id, out var value) ? value.ToString() : "", place => Number(row, names[place]));
    }

    private Dictionary<string, JsonElement> Object(ReadOnlySpan<byte> record, long line)
    {
        try
        {
            using var document = JsonDocument.Parse(record.ToArray());
            var row = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
                row[property.Name] = property.Value.Clone();
            return row;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException(
                $"{_path}, line {line} is no JSON object. Write one for each battle: {{\"id\": ..., \"NAME\": 0.5}}.", exception);
        }
    }

    private static double? Number(Dictionary<string, JsonElement> row, string name) =>
        !row.TryGetValue(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Number => Number(value.GetDouble()),
            _ => double.PositiveInfinity,
        };

    /// <summary>Finds the columns.</summary>
    /// <returns>The place of the ids.</returns>
    private int Open(IReadOnlyList<string> names)
    {
        var id = names.Index().Where(column => string.Equals(column.Item, "id", StringComparison.OrdinalIgnoreCase))
            .Select(column => column.Index).FirstOrDefault(-1);
        if (id < 0)
            throw new InputException($"{_path} has no column id, so its rows belong to no battle; it has {ColumnNames.List(names)}.");

        _places = [.. Enumerable.Range(0, names.Count).Where(place => place != id && !SubmissionColumns.IsIndex(names[place]))];
        Columns = ColumnNames.Distinct(_path, [.. _places.Select(place => names[place])]);
        return Columns.Count > 0 ? id : throw new InputException($"{_path} has no column of numbers beside id.");
    }

    private void Add(string id, Func<int, double?> number)
    {
        var values = new double[_places.Length];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = number(_places[k]) ?? double.NaN;
            if (double.IsInfinity(values[k]))
                _wrong.Add($"{Columns[k]} of id {id}");
        }

        if (id.Length == 0)
            throw new InputException($"{_path} has a row without an id.");
        if (!_rows.TryAdd(id, values))
            throw new InputException($"{_path} has the id {id} twice. Give one row for each battle.");
    }

    /// <summary>A number; null for none, infinity for what is no number.</summary>
    private static double? Parse(string cell, NumberNotation notation)
    {
        if (Absent.Contains(cell, StringComparer.OrdinalIgnoreCase))
            return null;
        if (bool.TryParse(cell, out var truth))
            return truth ? 1 : 0;
        return Number(notation.Parse(cell)) ?? double.PositiveInfinity;
    }

    private static double? Number(object? value) => value switch
    {
        null => null,
        bool truth => truth ? 1 : 0,
        double.NaN => null,
        double number => Math.Abs(number) <= Largest ? number : double.PositiveInfinity,
        long number => number,
        _ => double.PositiveInfinity,
    };
}
