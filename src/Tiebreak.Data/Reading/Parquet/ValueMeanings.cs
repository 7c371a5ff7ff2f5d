using System.Buffers.Binary;
using System.Numerics;
using Parquet.Meta;
using PhysicalType = Parquet.Meta.Type;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>What the values of a column mean: texts, truth values, whole numbers (<c>long</c>), numbers (<c>double</c>), times.</summary>
internal static class ValueMeanings
{
    private const long NanosecondsInTick = 100;
    private const int JulianDayOf1970 = 2_440_588;
    private const int MostDecimalBytes = 64;

    /// <summary>What the values of a column of the schema mean.</summary>
    /// <exception cref="NotSupportedException">They mean nothing that a layout could use.</exception>
    public static ValueMeaning<object> Of(SchemaElement column)
    {
        if (column.LogicalType?.DECIMAL is not null || column.ConvertedType == ConvertedType.DECIMAL)
            return Decimal(column);

        return column.Type switch
        {
            PhysicalType.BOOLEAN => bytes => bytes[0] != 0,
            PhysicalType.INT32 => OfInt32(column),
            PhysicalType.INT64 => OfInt64(column),
            PhysicalType.INT96 => Int96Time,
            PhysicalType.FLOAT => bytes => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            PhysicalType.DOUBLE => bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            PhysicalType.BYTE_ARRAY => Text,
            PhysicalType.FIXED_LEN_BYTE_ARRAY => OfFixedLength(column),
            _ => throw new NotSupportedException($"{column.Name} holds values of the type {column.Type}"),
        };
    }

    private static ValueMeaning<object> OfInt32(SchemaElement column)
    {
        if (column.LogicalType?.DATE is not null || column.ConvertedType == ConvertedType.DATE)
            return bytes => Time((Int128)BinaryPrimitives.ReadInt32LittleEndian(bytes) * TimeSpan.TicksPerDay);
        if (column.LogicalType?.INTEGER is { IsSigned: false } || column.ConvertedType is ConvertedType.UINT_32)
            return bytes => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return bytes => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    private static ValueMeaning<object> OfInt64(SchemaElement column)
    {
        var unit = column.LogicalType?.TIMESTAMP?.Unit;
        if (unit?.MILLIS is not null || column.ConvertedType == ConvertedType.TIMESTAMP_MILLIS)
            return bytes => Time((Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes) * TimeSpan.TicksPerMillisecond);
        if (unit?.MICROS is not null || column.ConvertedType == ConvertedType.TIMESTAMP_MICROS)
            return bytes => Time((Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes) * TimeSpan.TicksPerMicrosecond);
        if (unit?.NANOS is not null)
            return bytes => Time(BinaryPrimitives.ReadInt64LittleEndian(bytes) / NanosecondsInTick);
        if (column.LogicalType?.INTEGER is { IsSigned: false } || column.ConvertedType is ConvertedType.UINT_64)
        {
            return bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var number && number <= long.MaxValue
                ? (object)(long)number
                : (double)number;
        }

        return bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static ValueMeaning<object> OfFixedLength(SchemaElement column)
    {
        if (column.ConvertedType == ConvertedType.INTERVAL)
            throw new NotSupportedException($"{column.Name} holds spans of time");
        if (column.LogicalType?.UUID is not null && column.TypeLength == 16)
            return bytes => new Guid(bytes, bigEndian: true).ToString();
        if (column.LogicalType?.FLOAT16 is not null && column.TypeLength == 2)
            return bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes);
        return Text;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static ValueMeaning<object> Decimal(SchemaElement column)
    {
        var scale = Math.Pow(10, column.LogicalType?.DECIMAL?.Scale ?? column.Scale ?? 0);
        var isBigEndian = column.Type is PhysicalType.BYTE_ARRAY or PhysicalType.FIXED_LEN_BYTE_ARRAY;
        return bytes => bytes.Length <= MostDecimalBytes
            ? (double)new BigInteger(bytes, isUnsigned: false, isBigEndian) / scale
            : throw new InvalidDataException($"a decimal number of {bytes.Length} bytes");
    }

    /// <summary>Nanoseconds of a day, and the day, as Spark and Impala store times.</summary>
    private static object Int96Time(ReadOnlySpan<byte> bytes) => Time(
        ((Int128)(BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - (long)JulianDayOf1970) * TimeSpan.TicksPerDay)
        + (BinaryPrimitives.ReadInt64LittleEndian(bytes) / NanosecondsInTick));

    /// <summary>A time; out of the years 1 to 9999, which means nothing here, a text that says so in a note.</summary>
    private static object Time(Int128 ticksSince1970)
    {
        var ticks = ticksSince1970 + DateTime.UnixEpoch.Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
            : "a time out of the years 1 to 9999";
    }
}
