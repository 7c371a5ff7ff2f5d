namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// Walks over a struct in Thrift's compact protocol. Parquet.Net takes every field for what it should be whatever the file says, and does
/// not notice the end: a damaged footer would be read without end, or one that nests too deep end the process. What passes here holds
/// nothing but known fields of the right types, and all of it lies within its bounds.
/// </summary>
/// <param name="bytes">The struct begins at their first.</param>
/// <param name="numbers">Takes the whole numbers and bools by struct and field, where wanted.</param>
internal ref struct ThriftWalk(ReadOnlySpan<byte> bytes, Dictionary<(string Struct, int Field), long>? numbers = null)
{
    private const int MostSchemaElements = 2000;

    private readonly int _length = bytes.Length;
    private ByteCursor _cursor = new(bytes);

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

    /// <summary>The offset behind what was walked over.</summary>
    public readonly int Position => _length - _cursor.Rest.Length;

    /// <summary>Walks over a struct.</summary>
    /// <param name="name">Its name among <see cref="ThriftStructs"/>.</param>
    /// <exception cref="InvalidDataException">It holds what such a struct cannot hold.</exception>
    /// <exception cref="EndOfStreamException">It goes on after the end of the bytes.</exception>
    public void Struct(string name)
    {
        var field = 0;
        while (Byte() is var head and not 0)
        {
            field = head >> 4 == 0 ? (short)_cursor.Signed() : field + (head >> 4);
            var type = ThriftStructs.TypeOf(name, field) ?? throw new InvalidDataException(
                $"{name} has the field {field}, which version 2.13 of the format has not");
            Require(TypeOf(type, head & 15), $"field {field} of {name}");
            var number = Value(type, (CompactType)(head & 15));
            Require(type is not "i32" || number == (int)number, $"{name}'s field {field} of {number}");
            Require(numbers?.TryAdd((name, field), number) ?? true, $"{name} with two fields {field}");
        }
    }

    /// <summary>Walks over a value; gives it where it is a whole number or a bool.</summary>
    private long Value(string type, CompactType compact)
    {
        switch (compact)
        {
            case CompactType.True: return 1;
            case CompactType.Byte: _cursor.Take(1); break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64: return _cursor.Signed();
            case CompactType.Double: _cursor.Take(8); break;
            case CompactType.Binary: _cursor.Take((long)_cursor.Number()); break;
            case CompactType.List: List(type[1..^1]); break;
            case CompactType.Struct: Struct(type); break;
        }

        return 0;
    }

    private void List(string type)
    {
        var head = Byte();
        var count = head >> 4 == 15 ? _cursor.Number() : (ulong)(head >> 4);
        // No element of a footer's lists is of no bytes, a struct without fields ends with one.
        Require(count <= (ulong)_cursor.Rest.Length && (count == 0 || TypeOf(type, head & 15)), $"a list of {count} {type}");
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

    private static void Require(bool isRight, string what)
    {
        if (!isRight)
            throw new InvalidDataException($"{what} cannot be");
    }

    private byte Byte() => _cursor.Take(1)[0];
}
