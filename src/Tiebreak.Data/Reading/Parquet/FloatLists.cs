namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A column whose rows are lists of single-precision numbers, without an object for each number.</summary>
internal static class FloatLists
{
    /// <summary>The lists of the rows; null for rows without one.</summary>
    /// <param name="chunk">The column of a row group.</param>
    /// <param name="present">The definition level of a number that is there.</param>
    /// <exception cref="InvalidDataException">A number inside a list is missing.</exception>
    public static List<float[]?> Of(ColumnChunk<float> chunk, int present)
    {
        var (repetitions, definitions) = (chunk.Repetitions ?? [], chunk.Definitions ?? []);
        var lists = new List<float[]?>();
        var value = 0;
        for (var start = 0; start < repetitions.Length;)
        {
            var end = start + 1;
            while (end < repetitions.Length && repetitions[end] != 0)
                end++;

            var count = definitions.AsSpan(start..end).Count(present);
            if (count == 0 && end == start + 1)
                lists.Add(null);
            else if (count == end - start)
                lists.Add([.. chunk.Values.GetRange(value, count)]);
            else
                throw new InvalidDataException("a list with a missing number");
            value += count;
            start = end;
        }

        return lists;
    }
}
