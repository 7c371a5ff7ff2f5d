using Parquet.Schema;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>A cursor over the entries of a leaf column of a row group.</summary>
/// <param name="field">The column.</param>
/// <param name="chunk">Its values and levels.</param>
internal sealed class ParquetColumn(DataField field, ColumnChunk<object> chunk)
{
    private readonly int _present = field.MaxDefinitionLevel;
    private int _entry;
    private int _value;

    /// <summary>How deep the entry under the cursor is defined.</summary>
    public int Definition => chunk.Definitions is { } definitions ? definitions[_entry] : _present;

    /// <summary>The list level that the entry under the cursor goes on with; 0 at the beginning of a row and at the end.</summary>
    public int Repetition => chunk.Repetitions is { } repetitions && _entry < repetitions.Length ? repetitions[_entry] : 0;

    /// <summary>True behind the last entry.</summary>
    public bool IsAtEnd => chunk.Definitions is { } definitions ? _entry == definitions.Length : _value == chunk.Values.Count;

    /// <summary>The value under the cursor, which moves on; null where there is none.</summary>
    public object? Take() =>
        (chunk.Definitions is { } definitions ? definitions[_entry++] : _present) == _present ? chunk.Values[_value++] : null;
}
