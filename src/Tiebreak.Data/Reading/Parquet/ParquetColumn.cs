using System.Runtime.InteropServices;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>One leaf column of a row group, with a cursor over its entries (Dremel's levels, Melnik et al., VLDB 2010).</summary>
internal sealed class ParquetColumn
{
    // Run lengths and dictionaries can say in a few bytes what fills a machine's memory.
    private const long MostEntries = 1 << 26;
    private const long MostCharacters = 1 << 30;

    // Parquet.Net does not say how much of the memory that it is given it has filled, so what it is given can be told from what it fills
    // in.
    private static readonly ReadOnlyMemory<char> UnreadText = "unread".AsMemory();
    private static readonly ReadOnlyMemory<byte> UnreadBytes = new byte[1];

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

    /// <summary>True behind the last entry.</summary>
    public bool IsAtEnd => _definitions is null ? _value == _values.Length : _entry == _definitions.Length;

    /// <summary>The value under the cursor, which moves on; null where there is none.</summary>
    public object? Take() => (_definitions is null ? _present : _definitions[_entry++]) == _present ? _values[_value++] : null;

    /// <summary>Reads a column whose pages have passed <see cref="PageCheck"/>.</summary>
    /// <exception cref="NotSupportedException">The column has a type that no layout knows.</exception>
    /// <exception cref="InvalidDataException">
    /// The column holds, or says it holds, more than any that is read, or less than it says.
    /// </exception>
    public static ParquetColumn Read(ParquetRowGroupReader group, DataField field)
    {
        if (group.GetMetadata(field)?.MetaData?.NumValues is not (>= 0 and <= MostEntries and var entries))
            throw new InvalidDataException($"the column {field.Path} holds no number of values, or more than {MostEntries}");
        var definitions = field.MaxDefinitionLevel > 0 ? new int[entries] : null;
        var repetitions = field.MaxRepetitionLevel > 0 ? new int[entries] : null;
        var values = Values(new ColumnReading(group, AsStored(field), (int)entries, definitions, repetitions));
        return new ParquetColumn(field, values, definitions, repetitions);
    }

    /// <summary>
    /// Where some are absent, Parquet.Net reads numbers of 8 and 16 bits through memory of its own. Asked for the 32 bits that they are
    /// stored in, it reads them into the memory that it is given.
    /// </summary>
    private static DataField AsStored(DataField field)
    {
        if (!field.IsNullable
            || Type.GetTypeCode(field.ClrType) is not (TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16))
        {
            return field;
        }

        return field.Path.Length == 1
            ? new ParquetSchema(new DataField<int?>(field.Name)).DataFields[0]
            : throw new NotSupportedException($"{field.Path} holds numbers of 8 or 16 bits inside a list or struct, some of them missing");
    }

    private static object?[] Values(ColumnReading column) => Type.GetTypeCode(column.Type) switch
    {
        TypeCode.Boolean => Numbers<bool>(column, value => value),
        TypeCode.SByte => Numbers<sbyte>(column, value => (long)value),
        TypeCode.Byte => Numbers<byte>(column, value => (long)value),
        TypeCode.Int16 => Numbers<short>(column, value => (long)value),
        TypeCode.UInt16 => Numbers<ushort>(column, value => (long)value),
        TypeCode.Int32 => Numbers<int>(column, value => (long)value),
        TypeCode.UInt32 => Numbers<uint>(column, value => (long)value),
        TypeCode.Int64 => Numbers<long>(column, value => value),
        TypeCode.UInt64 => Numbers<ulong>(column, value => value <= long.MaxValue ? (object)(long)value : (double)value),
        TypeCode.Single => Numbers<float>(column, value => (double)value),
        TypeCode.Double => Numbers<double>(column, value => value),
        TypeCode.Decimal => Numbers<decimal>(column, value => (double)value),
        TypeCode.DateTime => Numbers<DateTime>(column, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc))),
        _ when column.Type == typeof(ReadOnlyMemory<char>) || column.Type == typeof(string) =>
            Texts(column, UnreadText, text => text.Length, text => text.ToString()),
        _ when column.Type == typeof(ReadOnlyMemory<byte>) || column.Type == typeof(byte[]) =>
            Texts(column, UnreadBytes, bytes => bytes.Length, bytes => Encoding.UTF8.GetString(bytes.Span)),
        _ => throw new NotSupportedException($"{column.Path} holds values of the type {column.Type.Name}"),
    };

    private static object?[] Texts<T>(ColumnReading column, T unread, Func<T, int> length, Func<T, object> convert)
        where T : struct
    {
        var values = column.Read<T>(values => values.Fill(unread));
        var sum = 0L;
        foreach (var value in values)
        {
            if (EqualityComparer<T>.Default.Equals(value, unread)) // memory is equal where it is the same
                throw column.TooShort();
            sum += length(value);
        }

        return sum <= MostCharacters
            ? Converted<T>(values, convert)
            : throw new InvalidDataException($"more than {MostCharacters} characters in one column of a row group");
    }

    /// <summary>Reads twice into memory that differs: what is not the same afterwards was not read. Columns of numbers are small.</summary>
    private static object?[] Numbers<T>(ColumnReading column, Func<T, object> convert)
        where T : unmanaged
    {
        var values = column.Read<T>(values => MemoryMarshal.AsBytes(values).Clear());
        var again = column.Read<T>(values => MemoryMarshal.AsBytes(values).Fill(1));
        return MemoryMarshal.AsBytes(values).SequenceEqual(MemoryMarshal.AsBytes(again))
            ? Converted<T>(values, convert)
            : throw column.TooShort();
    }

    private static object?[] Converted<T>(ReadOnlySpan<T> values, Func<T, object> convert)
    {
        var converted = new object?[values.Length];
        for (var i = 0; i < converted.Length; i++)
            converted[i] = convert(values[i]);
        return converted;
    }
}
