using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Tiebreak.Core;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A Parquet file: its columns, and its row groups one after the other.</summary>
internal sealed class ParquetTable : IDisposable
{
    // Larger row groups are either bombs or made by tools that were told so.
    public const long LargestRowGroupBytes = 2L << 30;

    // Smaller groups are read on one thread.
    private const long FewBytes = 1 << 20;

    private static readonly string[] Texts = ["prompt", "response_a", "response_b", "instruction", "response1", "response2"];
    private static readonly string[] Lists = ["conversation", "conversation_a", "conversation_b", "full_conversation", "annotators"];

    private readonly string _path;
    private readonly FileStream _file;
    private readonly int _threads;
    private readonly ParquetReader _reader;
    private readonly FileMetaData _footer;
    private readonly SchemaElement[] _leaves;

    private ParquetTable(string path, FileStream file, int threads)
    {
        (_path, _file, _threads) = (path, file, threads);
        FooterCheck.Run(file);
        _reader = ParquetReader.CreateAsync(
            file, new ParquetOptions { TreatByteArrayAsString = true }, leaveStreamOpen: true).GetAwaiter().GetResult();
        _footer = _reader.Metadata!;
        _leaves = [.. _footer.Schema.Where(element => element.NumChildren is null or 0)];
        HideHalves(_footer.Schema);
        Schema = _reader.Schema;
        Columns = ColumnNames.Distinct(path, [.. Schema.Fields.Select(column => column.Name)]);
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    public int RowGroups => _footer.RowGroups.Count;

    private ParquetSchema Schema { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">How many columns are read at once.</param>
    /// <exception cref="InputException">The file cannot be opened or is damaged, or two columns have one name.</exception>
    public static ParquetTable Open(string path, int threads)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new ParquetTable(path, file, threads);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            file?.Dispose();
            throw exception switch
            {
                InputException refused => refused,
                NotSupportedException unread => NotRead(path, unread),
                _ => Damaged(path, exception),
            };
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

    /// <summary>What a row could look like: objects and lists of columns, with two items each, and an empty text in every place.</summary>
    public Dictionary<string, object?> Example()
    {
        static object? Of(Field field) => field switch
        {
            StructField group => OfAll(group.Fields),
            ListField list => new List<object?> { Of(list.Item), Of(list.Item) },
            _ => "",
        };
        static Dictionary<string, object?> OfAll(IReadOnlyList<Field> fields) =>
            fields.DistinctBy(field => field.Name, StringComparer.Ordinal).ToDictionary(field => field.Name, Of, StringComparer.Ordinal);

        return OfAll(Schema.Fields);
    }

    /// <summary>The rows of a group, one dictionary each, in memory all at once.</summary>
    /// <param name="group">From 0 to <see cref="RowGroups"/> - 1.</param>
    /// <param name="columns">The columns to read.</param>
    /// <exception cref="InputException">The file is damaged, the group too large, or a column of a type that is not read.</exception>
    public List<Dictionary<string, object?>> Rows(int group, IReadOnlySet<string> columns)
    {
        try
        {
            var rowGroup = Group(group);
            var fields = Schema.Fields.Where(field => columns.Contains(field.Name)).ToList();
            var leaves = ReadLeaves(rowGroup, [.. fields.SelectMany(ParquetAssembler.Leaves)]);
            var assemblers = fields.ConvertAll(field => (field.Name, Value: new ParquetAssembler(field, leaves)));
            var rows = new List<Dictionary<string, object?>>();
            for (var i = 0L; i < rowGroup.NumRows; i++)
            {
                var row = new Dictionary<string, object?>(assemblers.Count, StringComparer.Ordinal);
                foreach (var (name, assembler) in assemblers)
                    row[name] = assembler.Next();
                rows.Add(row);
            }

            if (!leaves.Values.All(column => column.IsAtEnd))
                throw new InvalidDataException($"columns with more than {rowGroup.NumRows} rows");
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

            var chunk = Read<float>(Group(group), leaf, _ => BinaryPrimitives.ReadSingleLittleEndian);
            return FloatLists.Of(chunk, leaf.MaxDefinitionLevel);
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

    /// <summary>Reads columns on several threads, the largest first. Of several failures the first column's counts.</summary>
    private Dictionary<DataField, ParquetColumn> ReadLeaves(RowGroup group, DataField[] leaves)
    {
        var bytes = Array.ConvertAll(leaves, leaf => Chunk(group, leaf).Chunk.TotalCompressedSize);
        var order = Enumerable.Range(0, leaves.Length).OrderByDescending(i => bytes[i]).ToArray();
        var (read, failures, next) = (new ParquetColumn[leaves.Length], new Exception?[leaves.Length], -1);
        var threads = bytes.Sum() < FewBytes ? 1 : _threads;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            while (Interlocked.Increment(ref next) is var place && place < order.Length)
            {
                var leaf = order[place];
                try
                {
                    read[leaf] = new ParquetColumn(leaves[leaf], Read(group, leaves[leaf], ValueMeanings.Of));
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

    private ColumnChunk<T> Read<T>(RowGroup group, DataField leaf, Func<SchemaElement, ValueMeaning<T>> meaning)
    {
        var (element, chunk) = Chunk(group, leaf);
        return ColumnChunk<T>.Read(_file, leaf, element, chunk, meaning(element));
    }

    /// <summary>A column in the schema of the file and in a row group, which both have the columns in one order.</summary>
    private (SchemaElement Element, ColumnMetaData Chunk) Chunk(RowGroup group, DataField leaf)
    {
        var place = Array.IndexOf(Schema.GetDataFields(), leaf);
        var element = _leaves[place];
        var chunk = group.Columns[place].MetaData;
        return chunk is not null && chunk.PathInSchema.SequenceEqual(leaf.Path.ToList(), StringComparer.Ordinal)
                && string.Equals(element.Name, chunk.PathInSchema[^1], StringComparison.Ordinal) && element.Type == chunk.Type
            ? (element, chunk)
            : throw new InvalidDataException($"a row group without the column {leaf.Path}");
    }

    private RowGroup Group(int group) => _footer.RowGroups[group] is { TotalByteSize: <= LargestRowGroupBytes } read
        ? read
        : throw new InputException(
            $"{_path} has a row group of more than {LargestRowGroupBytes >> 30} GiB. Write it again with smaller row groups.");

    /// <summary>Parquet.Net 6.1 refuses a file with half-precision numbers; as bytes it lets them pass.</summary>
    private static void HideHalves(List<SchemaElement> schema)
    {
        for (var i = 0; i < schema.Count; i++)
        {
            if (schema[i] is { LogicalType.FLOAT16: not null } half)
            {
                schema[i] = new SchemaElement
                {
                    Name = half.Name,
                    Type = half.Type,
                    TypeLength = half.TypeLength,
                    RepetitionType = half.RepetitionType,
                };
            }
        }
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
