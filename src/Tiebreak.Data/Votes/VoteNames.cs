using System.Text;

namespace Tiebreak.Data.Votes;

/// <summary>Numbers names 0, 1, 2... in order of first appearance, looked up by their UTF-8 bytes without making a string.</summary>
internal sealed class VoteNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public VoteNames() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public List<string> Names { get; } = [];

    public int Number(ReadOnlySpan<byte> name)
    {
        // UTF-16 never needs more units than UTF-8 has bytes.
        Span<char> buffer = stackalloc char[256];
        return name.Length > buffer.Length ? Number(Encoding.UTF8.GetString(name)) : Number(buffer[..Encoding.UTF8.GetChars(name, buffer)]);
    }

    public int Number(ReadOnlySpan<char> name)
    {
        if (_lookup.TryGetValue(name, out var number))
            return number;

        var text = name.ToString();
        _numbers.Add(text, Names.Count);
        Names.Add(text);
        return Names.Count - 1;
    }
}
