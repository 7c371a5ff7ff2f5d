namespace Tiebreak.Data.Reading;

/// <summary>
/// Compares ids of different files: 136060.0 is 136060, because a data frame writes a column of numbers with gaps as decimal numbers.
/// </summary>
internal sealed class IdComparer : IEqualityComparer<string>
{
    public static IdComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Canonical(x).SequenceEqual(Canonical(y)));

    public int GetHashCode(string obj) => string.GetHashCode(Canonical(obj), StringComparison.Ordinal);

    /// <summary>The id without decimals that are all 0.</summary>
    public static ReadOnlySpan<char> Canonical(string id)
    {
        var point = id.IndexOf('.', StringComparison.Ordinal);
        var isDecimal = point > 0 && !id.AsSpan(0, point).ContainsAnyExceptInRange('0', '9')
            && !id.AsSpan(point + 1).ContainsAnyExcept('0');
        return isDecimal ? id.AsSpan(0, point) : id;
    }
}
