using Parquet;
using Parquet.Schema;
using Tiebreak.Core;
using Tiebreak.Data.Input;

namespace Tiebreak.Data.Parquet;

/// <summary>A Parquet file: its columns, and its row groups one after the other.</summary>
internal sealed class ParquetTable : IDisposable
{
    // Larger row groups are either bombs or made by tools that were told so.
    private const long LargestRowGroupBytes = 2L << 30;

    private static readonly string[] Texts = ["prompt", "response_a", "response_b", "winner", "instruction", "response1", "response2"];
    private static readonly string[] Lists = ["conversation", "conversation_a", "conversation_b", "full_conversation", "annotators"];

    private readonly string _path;
    private readonly FileStream _file;
    private readonly ParquetReader _reader;

    private ParquetTable(string path, FileStream file, ParquetReader reader)
    {
        (_path, _file, _reader) = (path, file, reader);
        Columns = [.. reader.Schema.Fields.Select(column => column.Name)];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    public int RowGroups => _reader.RowGroupCount;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">The file cannot be opened or is damaged.</exception>
    public static ParquetTable Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            FooterCheck.Run(file);
            var options = new ParquetOptions { TreatByteArrayAsString = true };
            return new ParquetTable(path, file, ParquetReader.CreateAsync(new WholeReadStream(file), options, leaveStreamOpen: true).GetAwaiter().GetResult());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            file.Dispose();
            throw Damaged(path, exception);
        }
    }

    /// <summary>Refuses columns of a type that cannot be what their name says.</summary>
    /// <exception cref="InputException">A column has the wrong type.</exception>
    public void CheckTypes()
    {
        var wrong = _reader.Schema.Fields
            .Where(field => (Texts.Contains(field.Name, StringComparer.Ordinal) && !IsText(field is ListField list ? list.Item : field))
                || (Lists.Contains(field.Name, StringComparer.Ordinal) && field is not ListField))
            .Select(field => field.Name).ToList();
        if (wrong.Count > 0)
            throw new InputException($"{_path} has columns of the wrong type: {ColumnNames.List(wrong)}. Texts must be strings or lists of strings, conversations lists of messages.");
    }

    /// <summary>The rows of a group, one dictionary each, in memory all at once.</summary>
    /// <param name="group">From 0 to <see cref="RowGroups"/> - 1.</param>
    /// <param name="columns">The columns to read.</param>
    /// <exception cref="InputException">The file is damaged, the group too large, or a column of a type that is not read.</exception>
    public List<Dictionary<string, object?>> Rows(int group, IReadOnlySet<string> columns)
    {
        try
        {
            using var reader = OpenGroup(group);
            var assemblers = _reader.Schema.Fields.Where(field => columns.Contains(field.Name))
                .Select(field => (field.Name, Value: new ParquetAssembler(reader, field))).ToList();
            var rows = new List<Dictionary<string, object?>>();
            for (var i = 0L; i < reader.RowCount; i++)
            {
                var row = new Dictionary<string, object?>(assemblers.Count, StringComparer.Ordinal);
                foreach (var (name, assembler) in assemblers)
                    row[name] = assembler.Next();
                rows.Add(row);
            }

            return rows;
        }
        catch (NotSupportedException exception)
        {
            throw new InputException($"{_path} has a column of a type that is not read, among {ColumnNames.List([.. columns.Intersect(Columns, StringComparer.Ordinal)])}.", exception);
        }
        catch (Exception exception) when (exception is not (InputException or OperationCanceledException))
        {
            throw Damaged(_path, exception);
        }
    }

    /// <summary>A column of lists of single-precision numbers in a row group; null for rows without a list.</summary>
    /// <param name="group">From 0 to <see cref="RowGroups"/> - 1.</param>
    /// <param name="column">Its name.</param>
    /// <exception cref="InputException">The file is damaged, the group too large, or the column of another type.</exception>
    public List<float[]?> Floats(int group, string column)
    {
        try
        {
            using var reader = OpenGroup(group);
            return FloatLists.Read(reader, _reader.Schema.Fields.First(field => string.Equals(field.Name, column, StringComparison.Ordinal)));
        }
        catch (NotSupportedException exception)
        {
            throw new InputException($"{_path}: the column \"{column}\" is no list of single-precision numbers.", exception);
        }
        catch (Exception exception) when (exception is not (InputException or OperationCanceledException))
        {
            throw Damaged(_path, exception);
        }
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private ParquetRowGroupReader OpenGroup(int group)
    {
        var reader = _reader.OpenRowGroupReader(group);
        if (reader.RowGroup.TotalByteSize <= LargestRowGroupBytes)
            return reader;

        reader.Dispose();
        throw new InputException($"{_path} has a row group of more than {LargestRowGroupBytes >> 30} GiB. Write it again with smaller row groups.");
    }

    private static bool IsText(Field field) =>
        field is DataField leaf && (leaf.ClrType == typeof(string) || leaf.ClrType == typeof(ReadOnlyMemory<char>) || leaf.ClrType == typeof(ReadOnlyMemory<byte>) || leaf.ClrType == typeof(byte[]));

    private static InputException Damaged(string path, Exception exception) =>
        new($"{path} is damaged or cut off: it begins like a Parquet file but cannot be read as one. Fetch it again.", exception);
}
