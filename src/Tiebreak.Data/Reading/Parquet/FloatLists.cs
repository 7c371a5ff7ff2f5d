using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A column whose rows are lists of single-precision numbers, without an object for each number.</summary>
internal static class FloatLists
{
    /// <summary>Reads a row group's part of a column; null for rows without a list.</summary>
    /// <exception cref="InvalidDataException">A number inside a list is missing.</exception>
    public static List<float[]?> Read(ParquetRowGroupReader group, DataField leaf)
    {
        using var raw = group.ReadRawColumnDataBaseAsync(leaf).AsTask().GetAwaiter().GetResult();
        var values = ((RawColumnData<float>)raw).Values;
        var (repetitions, definitions) = (raw.RepetitionLevels.ToArray(), raw.DefinitionLevels.ToArray());
        var lists = new List<float[]?>();
        var value = 0;
        for (var start = 0; start < repetitions.Length;)
        {
            var end = start + 1;
            while (end < repetitions.Length && repetitions[end] != 0)
                end++;

            var present = definitions[start..end].Count(level => level == leaf.MaxDefinitionLevel);
            if (present == 0 && end == start + 1)
                lists.Add(null);
            else if (present == end - start)
                lists.Add(values.Slice(value, present).ToArray());
            else
                throw new InvalidDataException($"the column {leaf.Path} has a list with a missing number");
            value += present;
            start = end;
        }

        return lists;
    }
}
