namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Numbers that take a fixed number of bits each, the lowest bit first, one behind the other.</summary>
/// <param name="bytes">The bits.</param>
internal ref struct PackedBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _bit;

    /// <summary>The next number.</summary>
    /// <param name="width">Its bits, 0 to 64.</param>
    /// <exception cref="EndOfStreamException">There are fewer bits.</exception>
    public ulong Next(int width)
    {
        var (number, read) = (0UL, 0);
        while (read < width)
        {
            var place = (int)(_bit >> 3);
            if (place >= _bytes.Length)
                throw new EndOfStreamException();
            var inByte = (int)(_bit & 7);
            var count = Math.Min(8 - inByte, width - read);
            number |= (ulong)((_bytes[place] >> inByte) & ((1 << count) - 1)) << read;
            read += count;
            _bit += count;
        }

        return number;
    }
}
