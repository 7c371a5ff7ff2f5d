using Parquet.Meta;
using PhysicalType = Parquet.Meta.Type;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Decodes the values of a page, in every encoding of the format (apache/parquet-format, Encodings.md).</summary>
/// <param name="type">How a value is stored.</param>
/// <param name="fixedLength">The bytes of a value of the type FIXED_LEN_BYTE_ARRAY.</param>
/// <param name="meaning">What a value means.</param>
internal sealed class PageValues<T>(PhysicalType type, int fixedLength, ValueMeaning<T> meaning)
{
    private const long MostBytes = 1 << 30; // texts that share their beginnings can be much longer than their page

    private int Size => type switch
    {
        PhysicalType.INT32 or PhysicalType.FLOAT => 4,
        PhysicalType.INT64 or PhysicalType.DOUBLE => 8,
        PhysicalType.INT96 => 12,
        PhysicalType.FIXED_LEN_BYTE_ARRAY when fixedLength > 0 => fixedLength,
        _ => throw new InvalidDataException($"values of {type} in an encoding for values of one size"),
    };

    private bool IsText => type == PhysicalType.BYTE_ARRAY;

    /// <summary>Decodes values.</summary>
    /// <param name="bytes">The page behind its levels, decompressed.</param>
    /// <param name="encoding">How they are encoded; not by a dictionary.</param>
    /// <param name="values">Takes the values.</param>
    /// <exception cref="IOException">The page is damaged or holds fewer values.</exception>
    /// <exception cref="NotSupportedException">The encoding is not one of the format for such values.</exception>
    public void Read(ReadOnlySpan<byte> bytes, Encoding encoding, Span<T> values)
    {
        var cursor = new ByteCursor(bytes);
        switch (encoding)
        {
            case Encoding.PLAIN when type == PhysicalType.BOOLEAN:
                ReadBits(cursor.Rest, values);
                break;
            case Encoding.PLAIN when IsText:
                foreach (ref var value in values)
                    value = meaning(cursor.TakeSized());
                break;
            case Encoding.PLAIN:
                var size = Size;
                foreach (ref var value in values)
                    value = meaning(cursor.Take(size));
                break;
            case Encoding.RLE when type == PhysicalType.BOOLEAN:
                var truths = new int[values.Length];
                RunLengths.Read(cursor.TakeSized(), width: 1, truths);
                for (var i = 0; i < values.Length; i++)
                    values[i] = meaning([(byte)truths[i]]);
                break;
            case Encoding.DELTA_BINARY_PACKED when type is PhysicalType.INT32 or PhysicalType.INT64:
                ReadDifferences(ref cursor, values);
                break;
            case Encoding.DELTA_LENGTH_BYTE_ARRAY when IsText:
                var lengths = Whole(DeltaNumbers.Read(ref cursor, values.Length), values.Length);
                for (var i = 0; i < values.Length; i++)
                    values[i] = meaning(cursor.Take(lengths[i]));
                break;
            case Encoding.DELTA_BYTE_ARRAY when IsText || type == PhysicalType.FIXED_LEN_BYTE_ARRAY:
                ReadSharedBeginnings(ref cursor, values);
                break;
            case Encoding.BYTE_STREAM_SPLIT:
                ReadSplit(cursor, values);
                break;
            default:
                throw new NotSupportedException($"values of {type} are encoded by {encoding}");
        }
    }

    private void ReadBits(ReadOnlySpan<byte> bytes, Span<T> values)
    {
        var bits = new PackedBits(bytes);
        foreach (ref var value in values)
            value = meaning([(byte)bits.Next(1)]);
    }

    private void ReadDifferences(ref ByteCursor cursor, Span<T> values)
    {
        var numbers = Whole(DeltaNumbers.Read(ref cursor, values.Length), values.Length);
        Span<byte> bytes = stackalloc byte[8];
        for (var i = 0; i < values.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes, numbers[i]);
            values[i] = meaning(bytes[..Size]);
        }
    }

    /// <summary>Every value is so many bytes of the one before, and bytes of its own.</summary>
    private void ReadSharedBeginnings(ref ByteCursor cursor, Span<T> values)
    {
        var shared = Whole(DeltaNumbers.Read(ref cursor, values.Length), values.Length);
        var own = Whole(DeltaNumbers.Read(ref cursor, values.Length), values.Length);
        var (last, length, sum) = (Array.Empty<byte>(), 0L, 0L);
        for (var i = 0; i < values.Length; i++)
        {
            var rest = cursor.Take(own[i]);
            if (shared[i] < 0 || shared[i] > length || (sum += shared[i] + rest.Length) > MostBytes)
                throw new InvalidDataException($"a text that begins with {shared[i]} bytes of one of {length}");
            length = shared[i] + rest.Length;
            if (last.Length < length)
                Array.Resize(ref last, (int)Math.Max(length, 2L * last.Length));
            rest.CopyTo(last.AsSpan((int)shared[i]));
            values[i] = meaning(last.AsSpan(0, (int)length));
        }
    }

    /// <summary>First the first byte of every value, then the second one.</summary>
    private void ReadSplit(ByteCursor cursor, Span<T> values)
    {
        var value = new byte[Size];
        var bytes = cursor.Take((long)values.Length * value.Length);
        for (var i = 0; i < values.Length; i++)
        {
            for (var k = 0; k < value.Length; k++)
                value[k] = bytes[(k * values.Length) + i];
            values[i] = meaning(value);
        }
    }

    private static long[] Whole(long[] numbers, int count) =>
        numbers.Length == count ? numbers : throw new InvalidDataException($"{numbers.Length} values instead of {count}");
}
