using Parquet.Meta;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A leaf column of a row group, as its pages store it (Dremel, Melnik et al., VLDB 2010).</summary>
/// <param name="Values">The values that are present.</param>
/// <param name="Definitions">How deep each entry is defined; null where every entry has a value.</param>
/// <param name="Repetitions">The list level that each entry goes on with; null outside of lists.</param>
internal sealed record ColumnChunk<T>(List<T> Values, int[]? Definitions, int[]? Repetitions)
{
    // Run lengths can say in a few bytes what fills a machine's memory.
    private const long MostEntries = 1 << 26;

    /// <summary>Reads it.</summary>
    /// <param name="file">The file; its position stays.</param>
    /// <param name="field">The column, which says how deep its levels go.</param>
    /// <param name="column">The column in the schema of the file.</param>
    /// <param name="chunk">Where its pages are.</param>
    /// <param name="meaning">What a value means.</param>
    /// <exception cref="IOException">A page is damaged, or the pages hold another number of entries than the column says.</exception>
    /// <exception cref="NotSupportedException">It has pages that are not read.</exception>
    public static ColumnChunk<T> Read(
        FileStream file, DataField field, SchemaElement column, ColumnMetaData chunk, ValueMeaning<T> meaning)
    {
        if (chunk.NumValues is < 0 or > MostEntries)
            throw new InvalidDataException($"the column {field.Path} holds no number of values, or more than {MostEntries}");

        var entries = (int)chunk.NumValues;
        var read = new ColumnChunk<T>(
            [], field.MaxDefinitionLevel > 0 ? new int[entries] : null, field.MaxRepetitionLevel > 0 ? new int[entries] : null);
        var pages = new PageReader<T>(field, new PageValues<T>(chunk.Type, column.TypeLength ?? 0, meaning));
        var (done, bytes) = (0, 0L);
        var offset = new[] { chunk.DictionaryPageOffset ?? 0, chunk.DataPageOffset, chunk.IndexPageOffset ?? 0 }
            .Where(start => start != 0).Min();
        while (done < entries)
        {
            var header = PageHeader.Read(file, offset);
            offset = header.Content + header.StoredBytes;
            bytes += header.Bytes;
            if (bytes > ParquetTable.LargestRowGroupBytes)
                throw new InvalidDataException($"the column {field.Path} holds more than {ParquetTable.LargestRowGroupBytes >> 30} GiB");
            if (header.Values > (header.IsDictionary ? MostEntries : entries - done))
                throw new InvalidDataException($"the column {field.Path} has a page of {header.Values} values among {entries} entries");

            var content = PageContent.Read(file, chunk.Codec, header);
            if (header.IsDictionary)
                pages.ReadDictionary(header, content);
            else
                pages.Read(header, content, read, ref done);
        }

        return read;
    }
}
