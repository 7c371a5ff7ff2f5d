using System.Text;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Gives one string for equal bytes, so that 57,000 rows about 64 models share 64 names. Safe on many threads without a lock: two names
/// that fall into one slot, or two threads that race for it, cost a second copy of a string and nothing else.
/// </summary>
internal sealed class NamePool
{
    private const int Slots = 1024;
    private const int LongestName = 128;

    private readonly string?[] _names = new string?[Slots];

    /// <summary>The string of some UTF-8 bytes, or null for none.</summary>
    public string? Get(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        if (name.Length > LongestName)
            return Encoding.UTF8.GetString(name);

        var hash = new HashCode();
        hash.AddBytes(name);
        ref var slot = ref _names[hash.ToHashCode() & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && Ascii.Equals(name, known))
            return known;

        known = Encoding.UTF8.GetString(name);
        Volatile.Write(ref slot, known);
        return known;
    }

    /// <summary>The one string for equal strings; null for null and for none.</summary>
    public string? Get(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > LongestName)
            return string.IsNullOrEmpty(name) ? null : name;

        ref var slot = ref _names[string.GetHashCode(name, StringComparison.Ordinal) & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (string.Equals(known, name, StringComparison.Ordinal))
            return known;
        Volatile.Write(ref slot, name);
        return name;
    }
}
