using Parquet;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A Parquet file as one thread reads it: the open file, and Parquet.Net's reader over it.</summary>
internal sealed class ParquetSource : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly WholeReadStream _bounded;

    private ParquetSource(string path, FileStream file, WholeReadStream bounded, ParquetReader reader) =>
        (_path, _file, _bounded, Reader) = (path, file, bounded, reader);

    public ParquetReader Reader { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">
    /// The file cannot be opened, or its footer is damaged; so too whatever else Parquet.Net throws.
    /// </exception>
    public static ParquetSource Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            FooterCheck.Run(file);
            var bounded = new WholeReadStream(file);
            var options = new ParquetOptions { TreatByteArrayAsString = true };
            return new ParquetSource(
                path, file, bounded, ParquetReader.CreateAsync(bounded, options, leaveStreamOpen: true).GetAwaiter().GetResult());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a column of a row group.</summary>
    /// <param name="group">The number of the group.</param>
    /// <param name="leaf">The place of the column among the leaves of the schema.</param>
    public ParquetColumn Read(int group, int leaf) => Read(group, leaf, ParquetColumn.Read);

    /// <summary>Reads a column of a row group in a way of its own.</summary>
    /// <param name="group">The number of the group.</param>
    /// <param name="leaf">The place of the column among the leaves of the schema.</param>
    /// <param name="read">Reads it, when its pages have been checked.</param>
    public T Read<T>(int group, int leaf, Func<ParquetRowGroupReader, DataField, T> read)
    {
        using var rows = Reader.OpenRowGroupReader(group);
        var field = Reader.Schema.GetDataFields()[leaf];
        var column = rows.GetMetadata(field)?.MetaData ?? throw new InvalidDataException($"no column {field.Path} in row group {group}");
        _bounded.End = PageCheck.Run(_path, _file, column, field.MaxRepetitionLevel > 0);
        return read(rows, field);
    }

    public void Dispose()
    {
        Reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }
}
