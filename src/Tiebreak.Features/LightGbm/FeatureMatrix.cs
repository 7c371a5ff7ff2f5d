namespace Tiebreak.Features.LightGbm;

/// <summary>Dense features, row after row: <c>[rows, columns]</c>, single precision.</summary>
/// <param name="rows">How many rows.</param>
/// <param name="columns">How many features.</param>
internal sealed class FeatureMatrix(int rows, int columns)
{
    /// <summary>How many rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>How many features.</summary>
    public int Columns { get; } = columns;

    /// <summary>All values, row after row.</summary>
    public float[] Values { get; } = new float[checked(rows * columns)];

    /// <summary>One row, to read or to fill.</summary>
    public Span<float> this[int row] => Values.AsSpan(row * Columns, Columns);

    /// <summary>Copies some rows, in the order given.</summary>
    public FeatureMatrix Rearranged(IReadOnlyList<int> rows)
    {
        var picked = new FeatureMatrix(rows.Count, Columns);
        for (var k = 0; k < rows.Count; k++)
            this[rows[k]].CopyTo(picked[k]);
        return picked;
    }

    /// <summary>Puts matrices of the same rows side by side.</summary>
    public static FeatureMatrix Joined(IReadOnlyList<FeatureMatrix> parts)
    {
        var joined = new FeatureMatrix(parts[0].Rows, parts.Sum(part => part.Columns));
        for (var i = 0; i < joined.Rows; i++)
        {
            var row = joined[i];
            foreach (var part in parts)
            {
                part[i].CopyTo(row);
                row = row[part.Columns..];
            }
        }

        return joined;
    }

    /// <summary>Copies some columns, in the order given.</summary>
    public FeatureMatrix WithColumns(IReadOnlyList<int> columns)
    {
        var picked = new FeatureMatrix(Rows, columns.Count);
        for (var i = 0; i < Rows; i++)
        {
            for (var k = 0; k < columns.Count; k++)
                picked[i][k] = this[i][columns[k]];
        }

        return picked;
    }
}
