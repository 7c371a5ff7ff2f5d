using System.Numerics;
using System.Runtime.InteropServices;
using Parquet.Meta;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// Takes the pages of a column apart into levels and values. Parquet.Net 6.1, which reads the schema, is not used for that: it refuses
/// lists in pages of version 2, and gives out what its rented memory held before where a damaged page holds less than it says.
/// </summary>
/// <param name="field">The column, which says how deep its levels go.</param>
/// <param name="decoder">Decodes its values.</param>
internal sealed class PageReader<T>(DataField field, PageValues<T> decoder)
{
    private T[] _dictionary = [];

    /// <summary>Keeps the values that later pages name by their place.</summary>
    public void ReadDictionary(PageHeader header, ReadOnlySpan<byte> content)
    {
        if (header.Values > 8L * content.Length) // no value takes less than a bit
            throw new InvalidDataException($"a dictionary of fewer than {header.Values} values");
        _dictionary = new T[header.Values];
        decoder.Read(content, Encoding.PLAIN, _dictionary);
    }

    /// <summary>Reads a page.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="content">Its content, decompressed.</param>
    /// <param name="column">Takes the levels and values.</param>
    /// <param name="done">The entries that have been read; moves on.</param>
    /// <exception cref="IOException">The page is damaged, or holds less than its header says.</exception>
    public void Read(PageHeader header, ReadOnlySpan<byte> content, ColumnChunk<T> column, ref int done)
    {
        var cursor = new ByteCursor(content);
        var present = header.Values;
        ReadLevels(
            ref cursor, header, header.RepetitionEncoding, header.RepetitionBytes, field.MaxRepetitionLevel,
            column.Repetitions, done);
        ReadLevels(
            ref cursor, header, header.DefinitionEncoding, header.DefinitionBytes, field.MaxDefinitionLevel,
            column.Definitions, done);
        if (column.Definitions is { } definitions)
            present = definitions.AsSpan(done, header.Values).Count(field.MaxDefinitionLevel);

        done += header.Values;
        CollectionsMarshal.SetCount(column.Values, column.Values.Count + present);
        var values = CollectionsMarshal.AsSpan(column.Values)[^present..];
        if (present == 0)
            return;
        if (header.Encoding is Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY)
            LookUp(cursor, values);
        else
            decoder.Read(cursor.Rest, header.Encoding, values);
    }

    private void ReadLevels(ref ByteCursor cursor, PageHeader header, Encoding encoding, int bytes, int deepest, int[]? levels, int done)
    {
        // Version 2 says how many bytes of levels there are, and some writers write some where there are none to tell.
        var runs = header.IsVersion2 ? cursor.Take(bytes) : default;
        if (levels is null)
            return;
        if (encoding != Encoding.RLE)
            throw new NotSupportedException($"the levels of {field.Path} are encoded by {encoding}");
        if (!header.IsVersion2)
            runs = cursor.TakeSized();
        var read = levels.AsSpan(done, header.Values);
        RunLengths.Read(runs, BitOperations.Log2((uint)deepest) + 1, read);
        if (read.ContainsAnyExceptInRange(0, deepest))
            throw new InvalidDataException($"{field.Path} has impossible levels");
    }

    private void LookUp(ByteCursor cursor, Span<T> values)
    {
        var places = new int[values.Length];
        var width = cursor.Take(1)[0];
        RunLengths.Read(cursor.Rest, width, places);
        for (var i = 0; i < places.Length; i++)
        {
            values[i] = (uint)places[i] < (uint)_dictionary.Length
                ? _dictionary[places[i]]
                : throw new InvalidDataException($"{field.Path} has a dictionary of {_dictionary.Length} values, and a {places[i] + 1}th");
        }
    }
}
