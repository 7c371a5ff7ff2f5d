using System.Runtime.InteropServices;

namespace Tiebreak.Data.Votes;

/// <summary>A column that most files lack: it takes no room until a row has a value.</summary>
/// <param name="none">The value of rows that have none.</param>
/// <param name="rows">About how many rows there will be.</param>
internal sealed class OptionalColumn<T>(T none, int rows)
    where T : struct, IEquatable<T>
{
    private readonly List<T> _values = []; // of the rows up to the last that has one

    /// <summary>True if some row has a value.</summary>
    public bool IsGiven => _values.Count > 0;

    /// <summary>The value of a row.</summary>
    public T this[int row] => row < _values.Count ? _values[row] : none;

    /// <summary>Sets the value of a row behind all that have one.</summary>
    public void Add(int row, T value)
    {
        if (value.Equals(none))
            return;

        var known = _values.Count;
        if (known == 0)
            _ = _values.EnsureCapacity(rows); // a column that has one value mostly has all
        CollectionsMarshal.SetCount(_values, row + 1);
        var added = CollectionsMarshal.AsSpan(_values)[known..];
        added.Fill(none);
        added[^1] = value;
    }
}
