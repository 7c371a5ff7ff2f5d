using Parquet;
using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Reads a column of a row group into memory of its own, never into rented memory that still holds something.</summary>
/// <param name="group">The row group.</param>
/// <param name="leaf">The column.</param>
/// <param name="entries">Its entries, absent ones counted.</param>
/// <param name="definitions">Takes the definition levels; null where it has none.</param>
/// <param name="repetitions">Takes the repetition levels; null where it has none.</param>
internal sealed class ColumnReading(ParquetRowGroupReader group, DataField leaf, int entries, int[]? definitions, int[]? repetitions)
{
    /// <summary>Fills the memory for values before it is read into.</summary>
    public delegate void Filling<T>(Span<T> values);

    public Type Type => leaf.ClrType;

    public FieldPath Path => leaf.Path;

    /// <summary>Reads the column.</summary>
    /// <param name="fill">Fills the memory for the values beforehand, so that what was not read can be told.</param>
    /// <returns>A value for every entry that is present.</returns>
    /// <exception cref="InvalidDataException">There are fewer levels than entries, or impossible ones.</exception>
    public Span<T> Read<T>(Filling<T> fill)
        where T : struct
    {
        var values = new T[entries];
        fill(values);
        definitions?.AsSpan().Fill(-1);
        repetitions?.AsSpan().Fill(-1);
        group.ReadRawAsync<T>(leaf, values, Levels(definitions), Levels(repetitions)).AsTask().GetAwaiter().GetResult();

        var areLevels = (definitions is null || !definitions.AsSpan().ContainsAnyExceptInRange(0, leaf.MaxDefinitionLevel))
            && (repetitions is null || !repetitions.AsSpan().ContainsAnyExceptInRange(0, leaf.MaxRepetitionLevel));
        return areLevels ? values.AsSpan(0, definitions?.AsSpan().Count(leaf.MaxDefinitionLevel) ?? entries) : throw TooShort();
    }

    // By itself an array that is null would become memory that is empty, not memory that is null.
    private static Memory<int>? Levels(int[]? levels) => levels is null ? default(Memory<int>?) : levels.AsMemory();

    /// <summary>What is wrong where less was read than there should be.</summary>
    public InvalidDataException TooShort() => new($"the column {leaf.Path} holds less than its {entries} entries");
}
