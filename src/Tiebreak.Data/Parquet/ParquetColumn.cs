using System.Text;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Tiebreak.Data.Parquet;

/// <summary>One leaf column of a row group, with a cursor over its entries (Dremel's levels, Melnik et al., VLDB 2010).</summary>
internal sealed class ParquetColumn
{
    // Run lengths and dictionaries can say in a few bytes what fills a machine's memory.
    private const long MostEntries = 1 << 26;
    private const long MostCharacters = 1 << 30;

    private readonly object?[] _values;
    private readonly int[]? _definitions;
    private readonly int[]? _repetitions;
    private readonly int _present;
    private int _entry;
    private int _value;

    private ParquetColumn(DataField field, object?[] values, int[]? definitions, int[]? repetitions)
    {
        (_values, _definitions, _repetitions, _present) = (values, definitions, repetitions, field.MaxDefinitionLevel);
    }

    /// <summary>How deep the entry under the cursor is defined.</summary>
    public int Definition => _definitions is null ? _present : _definitions[_entry];

    /// <summary>The list level that the entry under the cursor goes on with; 0 at the beginning of a row and at the end.</summary>
    public int Repetition => _repetitions is null || _entry >= _repetitions.Length ? 0 : _repetitions[_entry];

    /// <summary>The value under the cursor, which moves on; null where there is none.</summary>
    public object? Take() => (_definitions is null ? _present : _definitions[_entry++]) == _present ? _values[_value++] : null;

    /// <summary>Reads a column.</summary>
    /// <exception cref="NotSupportedException">The column has a type that no layout knows.</exception>
    /// <exception cref="InvalidDataException">The column holds, or says it holds, more than any that is read.</exception>
    public static ParquetColumn Read(ParquetRowGroupReader group, DataField field)
    {
        if (group.GetMetadata(field)?.MetaData?.NumValues is not (>= 0 and <= MostEntries))
            throw new InvalidDataException($"the column {field.Path} holds no number of values, or more than {MostEntries}");
        using var raw = group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
        return new ParquetColumn(
            field,
            Values(raw),
            field.MaxDefinitionLevel > 0 ? raw.DefinitionLevels.ToArray() : null,
            field.MaxRepetitionLevel > 0 ? raw.RepetitionLevels.ToArray() : null);
    }

    private static object?[] Values(RawColumnData raw) => raw switch
    {
        RawColumnData<ReadOnlyMemory<char>> column => Texts(column.Values, text => text.Length, text => text.ToString()),
        RawColumnData<ReadOnlyMemory<byte>> column => Texts(column.Values, bytes => bytes.Length, bytes => Encoding.UTF8.GetString(bytes.Span)),
        RawColumnData<bool> column => Converted(column.Values, value => value),
        RawColumnData<sbyte> column => Converted(column.Values, value => (long)value),
        RawColumnData<byte> column => Converted(column.Values, value => (long)value),
        RawColumnData<short> column => Converted(column.Values, value => (long)value),
        RawColumnData<ushort> column => Converted(column.Values, value => (long)value),
        RawColumnData<int> column => Converted(column.Values, value => (long)value),
        RawColumnData<uint> column => Converted(column.Values, value => (long)value),
        RawColumnData<long> column => Converted(column.Values, value => value),
        RawColumnData<float> column => Converted(column.Values, value => (double)value),
        RawColumnData<double> column => Converted(column.Values, value => value),
        RawColumnData<DateTime> column => Converted(column.Values, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc))),
        _ => throw new NotSupportedException(),
    };

    private static object?[] Texts<T>(Span<T> values, Func<T, int> length, Func<T, object> convert)
    {
        var sum = 0L;
        foreach (var value in values)
            sum += length(value);
        return sum <= MostCharacters ? Converted(values, convert) : throw new InvalidDataException($"more than {MostCharacters} characters in one column of a row group");
    }

    private static object?[] Converted<T>(Span<T> values, Func<T, object> convert)
    {
        var converted = new object?[values.Length];
        for (var i = 0; i < converted.Length; i++)
            converted[i] = convert(values[i]);
        return converted;
    }
}
