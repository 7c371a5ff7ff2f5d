using System.Buffers.Binary;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Bytes of a page, read one part after the other.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>What has not been read.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    /// <summary>The next bytes.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Rest.Length)
            throw new EndOfStreamException();
        var taken = Rest[..(int)count];
        Rest = Rest[(int)count..];
        return taken;
    }

    /// <summary>The bytes behind a length of four bytes.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public ReadOnlySpan<byte> TakeSized() => Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));

    /// <summary>A number in groups of seven bits, the lowest first.</summary>
    /// <exception cref="EndOfStreamException">It goes on after the end.</exception>
    /// <exception cref="InvalidDataException">It has more than 64 bits.</exception>
    public ulong Number()
    {
        var number = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1)[0];
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
                return number;
        }

        throw new InvalidDataException("a number of more than ten bytes");
    }

    /// <summary>A number with a sign, which is its lowest bit (zigzag).</summary>
    public long Signed()
    {
        var number = Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }
}
