using System.Buffers.Binary;

namespace Tiebreak.Data.Parquet;

/// <summary>
/// Walks through the footer of a Parquet file (Thrift's compact protocol) before Parquet.Net does. That takes every field for what it should be
/// whatever the file says, and does not notice the end: a damaged footer would be read without end, or one that nests too deep end the process.
/// After this check a footer holds nothing but known fields of the right types, and all of it lies within its bounds.
/// </summary>
internal ref struct FooterCheck
{
    // Writers put each column's smallest and largest text there, twice and whole: a battle of 64 MiB makes a footer of several times that.
    private const int LargestFooterBytes = 512 << 20;
    private const int MostSchemaElements = 2000;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private FooterCheck(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    // Numbers of the protocol; a bool's value is its type.
    private enum CompactType
    {
        True = 1,
        False = 2,
        Byte = 3,
        I16 = 4,
        I32 = 5,
        I64 = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Struct = 12,
    }

    /// <summary>Checks the footer at the end of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, encrypted or too large.</exception>
    public static void Run(FileStream file)
    {
        Span<byte> tail = stackalloc byte[8];
        if (file.Length < 12)
            throw new InvalidDataException("too short");
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length is < 0 or > LargestFooterBytes || length > file.Length - 12)
            throw new InvalidDataException($"a footer of {length} bytes");

        var footer = new byte[length];
        file.Seek(-tail.Length - length, SeekOrigin.End);
        file.ReadExactly(footer);
        new FooterCheck(footer).Struct("FileMetaData");
    }

    private void Struct(string name)
    {
        var field = 0;
        while (Byte() is var head and not 0)
        {
            field = head >> 4 == 0 ? (short)ZigZag(Number()) : field + (head >> 4);
            var type = FooterStructs.TypeOf(name, field) ?? throw new InvalidDataException($"{name} has the unknown field {field}");
            Require(TypeOf(type, head & 15), $"field {field} of {name}");
            Value(type, (CompactType)(head & 15));
        }
    }

    private void Value(string type, CompactType compact)
    {
        switch (compact)
        {
            case CompactType.True or CompactType.False: break;
            case CompactType.Byte: Skip(1); break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64: Number(); break;
            case CompactType.Double: Skip(8); break;
            case CompactType.Binary: Skip(Number()); break;
            case CompactType.List: List(type[1..^1]); break;
            default: Struct(type); break;
        }
    }

    private void List(string type)
    {
        var head = Byte();
        var count = head >> 4 == 15 ? Number() : (ulong)(head >> 4);
        // No element of a footer's lists is of no bytes, a struct without fields ends with one.
        Require(count <= (ulong)(_bytes.Length - _at) && (count == 0 || TypeOf(type, head & 15)), $"a list of {count} {type}");
        // Parquet.Net follows the schema with one call in the other.
        Require(count <= MostSchemaElements || type is not "SchemaElement", $"{count} columns");
        for (var i = 0UL; i < count; i++)
            Value(type, (CompactType)(head & 15));
    }

    private static bool TypeOf(string type, int compact) => type switch
    {
        "bool" => compact is (int)CompactType.True or (int)CompactType.False,
        "byte" => compact is (int)CompactType.Byte,
        "i16" => compact is (int)CompactType.I16,
        "i32" => compact is (int)CompactType.I32,
        "i64" => compact is (int)CompactType.I64,
        "double" => compact is (int)CompactType.Double,
        "binary" => compact is (int)CompactType.Binary,
        ['[', ..] => compact is (int)CompactType.List,
        _ => compact is (int)CompactType.Struct,
    };

    private static int ZigZag(ulong number) => (int)((uint)number >> 1) ^ -(int)(number & 1);

    private static void Require(bool isRight, string what)
    {
        if (!isRight)
            throw new InvalidDataException($"{what} cannot be");
    }

    private byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw new InvalidDataException("the footer goes on after its end");

    /// <summary>A number in groups of seven bits, the lowest first.</summary>
    private ulong Number()
    {
        var number = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Byte();
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
                return number;
        }

        throw new InvalidDataException("a number of more than ten bytes");
    }

    private void Skip(ulong count)
    {
        Require(count <= (ulong)(_bytes.Length - _at), $"{count} bytes");
        _at += (int)count;
    }
}
