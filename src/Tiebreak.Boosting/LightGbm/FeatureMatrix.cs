namespace Tiebreak.Boosting.LightGbm;

/// <summary>Dense features, row after row: <c>[rows, columns]</c>, single precision.</summary>
/// <param name="rows">How many rows.</param>
/// <param name="columns">How many features.</param>
public sealed class FeatureMatrix(int rows, int columns)
{
    /// <summary>How many rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>How many features.</summary>
    public int Columns { get; } = columns;

    /// <summary>All values, row after row.</summary>
    public float[] Values { get; } = new float[checked(rows * columns)];

    /// <summary>One row, to read or to fill.</summary>
    public Span<float> this[int row] => Values.AsSpan(row * Columns, Columns);
}
