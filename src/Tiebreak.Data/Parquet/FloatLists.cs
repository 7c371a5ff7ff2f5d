using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Tiebreak.Data.Parquet;

/// <summary>A column whose rows are lists of single-precision numbers, without an object for each number.</summary>
internal static class FloatLists
{
    /// <summary>Reads a row group's part of a column.</summary>
    /// <exception cref="InvalidDataException">A list or a number is missing.</exception>
    public static List<float[]> Read(ParquetRowGroupReader group, DataField leaf)
    {
        using var raw = group.ReadRawColumnDataBaseAsync(leaf).AsTask().GetAwaiter().GetResult();
        var values = ((RawColumnData<float>)raw).Values;
        var repetitions = raw.RepetitionLevels;
        if (values.Length != repetitions.Length)
            throw new InvalidDataException($"the column {leaf.Path} has rows or numbers without a value");

        var lists = new List<float[]>();
        var start = 0;
        for (var end = 1; end <= values.Length; end++)
        {
            if (end < values.Length && repetitions[end] != 0)
                continue;
            lists.Add(values[start..end].ToArray());
            start = end;
        }

        return lists;
    }
}
