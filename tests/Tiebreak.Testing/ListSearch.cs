namespace Tiebreak.Testing;

/// <summary>Places in read-only lists.</summary>
public static class ListSearch
{
    /// <summary>The place of an item; -1 if it is not there.</summary>
    public static int IndexOf<T>(this IReadOnlyList<T> items, T item)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (EqualityComparer<T>.Default.Equals(items[i], item))
                return i;
        }

        return -1;
    }
}
