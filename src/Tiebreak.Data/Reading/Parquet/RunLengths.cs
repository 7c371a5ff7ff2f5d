using System.Buffers.Binary;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// Levels, places in a dictionary and truth values: runs of one number, and numbers of a fixed width (Parquet's hybrid of RLE and
/// bit-packing).
/// </summary>
internal static class RunLengths
{
    /// <summary>Fills the numbers.</summary>
    /// <param name="bytes">The runs.</param>
    /// <param name="width">The bits of a number, 0 to 32.</param>
    /// <param name="numbers">Takes the numbers.</param>
    /// <exception cref="EndOfStreamException">There are fewer numbers.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int width, Span<int> numbers)
    {
        if (width is < 0 or > 32)
            throw new InvalidDataException($"numbers of {width} bits");
        var cursor = new ByteCursor(bytes);
        Span<byte> number = stackalloc byte[4];
        while (!numbers.IsEmpty)
        {
            var head = cursor.Number();
            if ((head & 1) == 0)
            {
                number.Clear();
                cursor.Take((width + 7) / 8).CopyTo(number);
                var run = (int)Math.Min(head >> 1, (ulong)numbers.Length);
                numbers[..run].Fill(BinaryPrimitives.ReadInt32LittleEndian(number));
                numbers = numbers[run..];
            }
            else
            {
                // Groups of eight; some writers leave the bits behind the last number out.
                var count = (int)Math.Min((head >> 1) * 8, (ulong)numbers.Length);
                var size = Math.Min((long)Math.Min(head >> 1, int.MaxValue) * width, cursor.Rest.Length);
                var packed = new PackedBits(cursor.Take(size));
                for (var i = 0; i < count; i++)
                    numbers[i] = (int)packed.Next(width);
                numbers = numbers[count..];
            }
        }
    }
}
