namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Whole numbers as differences, in blocks that each have a smallest difference (Parquet's DELTA_BINARY_PACKED).</summary>
internal static class DeltaNumbers
{
    /// <summary>Reads them; the cursor then stands behind them.</summary>
    /// <param name="cursor">Stands before them.</param>
    /// <param name="most">More are refused.</param>
    /// <exception cref="IOException">They are damaged, or more.</exception>
    public static long[] Read(ref ByteCursor cursor, int most)
    {
        var (block, parts, count) = (cursor.Number(), cursor.Number(), cursor.Number());
        if (parts == 0 || block == 0 || block > int.MaxValue || parts > block || block / parts % 8 != 0 || count > (ulong)most)
            throw new InvalidDataException($"{count} differences in blocks of {block} in {parts} parts");

        var inPart = (int)(block / parts);
        var numbers = new long[count];
        var last = cursor.Signed();
        if (numbers.Length > 0)
            numbers[0] = last;
        for (var i = 1; i < numbers.Length;)
        {
            var smallest = cursor.Signed();
            var widths = cursor.Take((long)parts);
            for (var part = 0; part < widths.Length && i < numbers.Length; part++)
            {
                if (widths[part] > 64)
                    throw new InvalidDataException($"differences of {widths[part]} bits");
                var packed = new PackedBits(cursor.Take((long)inPart / 8 * widths[part]));
                for (var end = Math.Min(numbers.Length, i + inPart); i < end; i++)
                    numbers[i] = last = unchecked(last + smallest + (long)packed.Next(widths[part]));
            }
        }

        return numbers;
    }
}
