using System.Runtime.ExceptionServices;
using Parquet;
using Parquet.Schema;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A Parquet file: its columns, and its row groups one after the other.</summary>
internal sealed class ParquetTable : IDisposable
{
    // Larger row groups are either bombs or made by tools that were told so.
    private const long LargestRowGroupBytes = 2L << 30;

    // Smaller groups are read on one thread.
    private const long FewBytes = 1 << 20;

    private static readonly string[] Texts = ["prompt", "response_a", "response_b", "instruction", "response1", "response2"];
    private static readonly string[] Lists = ["conversation", "conversation_a", "conversation_b", "full_conversation", "annotators"];

    private readonly string _path;
    private readonly ParquetSource?[] _sources;

    private ParquetTable(string path, ParquetSource first, int threads)
    {
        (_path, _sources) = (path, new ParquetSource?[threads]);
        _sources[0] = first;
        Columns = [.. Schema.Fields.Select(column => column.Name)];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    public int RowGroups => _sources[0]!.Reader.RowGroupCount;

    private ParquetSchema Schema => _sources[0]!.Reader.Schema;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">How many columns are read at once, each through an open file of its own.</param>
    /// <exception cref="InputException">The file cannot be opened or is damaged.</exception>
    public static ParquetTable Open(string path, int threads)
    {
        try
        {
            return new ParquetTable(path, ParquetSource.Open(path), threads);
        }
        catch (NotSupportedException exception)
        {
            throw NotRead(path, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Damaged(path, exception);
        }
    }

    /// <summary>Refuses columns of a type that cannot be what their name says.</summary>
    /// <exception cref="InputException">A column has the wrong type.</exception>
    public void CheckTypes()
    {
        var wrong = Schema.Fields
            .Where(field => (Texts.Contains(field.Name, StringComparer.Ordinal) && !(field is ListField list
                    ? IsText(list.Item) || (list.Item is StructField && field.Name is "prompt")
                    : IsText(field)))
                || (Lists.Contains(field.Name, StringComparer.Ordinal) && field is not ListField && !IsText(field)))
            .Select(field => field.Name).ToList();
        if (wrong.Count > 0)
        {
            throw new InputException($"{_path} has columns of the wrong type: {ColumnNames.List(wrong)}. "
                + "Texts must be strings or lists of strings, conversations lists of messages.");
        }
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
            var fields = Schema.Fields.Where(field => columns.Contains(field.Name)).ToList();
            var leaves = ReadLeaves(reader, group, [.. fields.SelectMany(ParquetAssembler.Leaves)]);
            var assemblers = fields.ConvertAll(field => (field.Name, Value: new ParquetAssembler(field, leaves)));
            var rows = new List<Dictionary<string, object?>>();
            for (var i = 0L; i < reader.RowCount; i++)
            {
                var row = new Dictionary<string, object?>(assemblers.Count, StringComparer.Ordinal);
                foreach (var (name, assembler) in assemblers)
                    row[name] = assembler.Next();
                rows.Add(row);
            }

            if (!leaves.Values.All(column => column.IsAtEnd))
                throw new InvalidDataException($"columns with more than {reader.RowCount} rows");
            return rows;
        }
        catch (NotSupportedException exception)
        {
            throw NotRead(_path, exception);
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
            if (Schema.Fields.First(field =>
                string.Equals(field.Name, column, StringComparison.Ordinal)) is not ListField { Item: DataField leaf }
                || leaf.ClrType != typeof(float))
            {
                throw new InputException($"{_path}: the column \"{column}\" is no list of single-precision numbers.");
            }

            using var reader = OpenGroup(group);
            return _sources[0]!.Read(group, Array.IndexOf(Schema.GetDataFields(), leaf), FloatLists.Read);
        }
        catch (Exception exception) when (exception is not (InputException or OperationCanceledException))
        {
            throw Damaged(_path, exception);
        }
    }

    public void Dispose()
    {
        foreach (var source in _sources)
            source?.Dispose();
    }

    /// <summary>
    /// Reads columns, the largest first, on as many threads as there are sources. Of several failures the first column's counts.
    /// </summary>
    private Dictionary<DataField, ParquetColumn> ReadLeaves(ParquetRowGroupReader reader, int group, DataField[] leaves)
    {
        var all = Schema.GetDataFields();
        var bytes = Array.ConvertAll(leaves, leaf => reader.GetMetadata(leaf)?.MetaData?.TotalCompressedSize ?? 0);
        var order = Enumerable.Range(0, leaves.Length).OrderByDescending(i => bytes[i]).ToArray();
        var (read, failures, next) = (new ParquetColumn[leaves.Length], new Exception?[leaves.Length], -1);
        var threads = bytes.Sum() < FewBytes ? 1 : _sources.Length;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            while (Interlocked.Increment(ref next) is var place && place < order.Length)
            {
                var leaf = order[place];
                try
                {
                    read[leaf] = (_sources[thread] ??= ParquetSource.Open(_path)).Read(group, Array.IndexOf(all, leaves[leaf]));
                }
                catch (Exception exception)
                {
                    failures[leaf] = exception;
                }
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return leaves.Zip(read).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private ParquetRowGroupReader OpenGroup(int group)
    {
        var reader = _sources[0]!.Reader.OpenRowGroupReader(group);
        if (reader.RowGroup.TotalByteSize <= LargestRowGroupBytes)
            return reader;

        reader.Dispose();
        throw new InputException(
            $"{_path} has a row group of more than {LargestRowGroupBytes >> 30} GiB. Write it again with smaller row groups.");
    }

    private static bool IsText(Field field) =>
        field is DataField leaf && (leaf.ClrType == typeof(string) || leaf.ClrType == typeof(ReadOnlyMemory<char>)
            || leaf.ClrType == typeof(ReadOnlyMemory<byte>) || leaf.ClrType == typeof(byte[]));

    private static InputException NotRead(string path, NotSupportedException exception) =>
        new($"{path} is a Parquet file with something that Tiebreak does not read: {Reason(exception)}.", exception);

    private static InputException Damaged(string path, Exception exception) => new(
        $"{path} is damaged or cut off, or written in a way that Tiebreak does not read: it begins like a Parquet file but cannot be "
            + $"read as one ({Reason(exception)}). Fetch it again, or write it again with the defaults of pandas or pyarrow.",
        exception);

    private static string Reason(Exception exception) => exception.Message.Split('\n', 2)[0].TrimEnd('.', ' ', '\r');
}
