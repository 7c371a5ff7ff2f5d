using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Vocabularies;

/// <summary>
/// A set of byte strings with a number each, walked byte by byte: a double array (Aoe 1989), in which a step costs one addition and one
/// comparison.
/// </summary>
internal sealed class ByteTrie
{
    /// <summary>The node before the first byte.</summary>
    public const int Root = 0;

    /// <summary>No such node, no such key.</summary>
    public const int None = -1;

    private const int Unused = -1;

    private int[] _base = [];
    private int[] _parent = [];
    private int[] _value = [];
    private int _firstFree = 1;

    /// <summary>Builds the trie; of equal keys the last one counts. The empty key is left out.</summary>
    public ByteTrie(IEnumerable<KeyValuePair<byte[], int>> keys)
    {
        var sorted = keys.Where(pair => pair.Key.Length > 0).ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(
            order, (a, b) => sorted[a].Key.AsSpan().SequenceCompareTo(sorted[b].Key) is var compared and not 0 ? compared : a.CompareTo(b));
        Reserve(256 + (2 * sorted.Sum(pair => pair.Key.Length) / 3));
        _parent[Root] = Root;
        Build(sorted, order);
        Trim();
    }

    /// <summary>The node that a byte leads to, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, byte next)
    {
        var target = _base[node] + next;
        return _parent[target] == node ? target : None;
    }

    /// <summary>The number of the key that ends at a node, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ValueAt(int node) => _value[node];

    /// <summary>The longest key that <c>text[start..end]</c> begins with.</summary>
    /// <returns>Its number, or <see cref="None"/>.</returns>
    public int Longest(ReadOnlySpan<byte> text, int start, int end, out int length)
    {
        var found = None;
        length = 0;
        var node = Root;
        for (var i = start; i < end; i++)
        {
            node = Step(node, text[i]);
            if (node == None)
                break;
            if (_value[node] == None)
                continue;
            found = _value[node];
            length = i + 1 - start;
        }

        return found;
    }

    private void Build(KeyValuePair<byte[], int>[] keys, int[] order)
    {
        var open = new Queue<(int Node, int From, int To, int Depth)>();
        open.Enqueue((Root, 0, order.Length, 0));
        var children = new List<(byte Byte, int From, int To)>(256);
        while (open.TryDequeue(out var next))
        {
            var (node, from, to, depth) = next;
            children.Clear();
            for (var i = from; i < to; i++)
            {
                var key = keys[order[i]].Key;
                if (key.Length == depth)
                    _value[node] = keys[order[i]].Value;
                else if (children.Count > 0 && children[^1].Byte == key[depth])
                    children[^1] = children[^1] with { To = i + 1 };
                else
                    children.Add((key[depth], i, i + 1));
            }

            if (children.Count == 0)
                continue;
            _base[node] = FindBase(children);
            foreach (var (value, childFrom, childTo) in children)
            {
                _parent[_base[node] + value] = node;
                open.Enqueue((_base[node] + value, childFrom, childTo, depth + 1));
            }
        }
    }

    private int FindBase(List<(byte Byte, int From, int To)> children)
    {
        while (_firstFree < _parent.Length && _parent[_firstFree] != Unused)
            _firstFree++;
        var tries = 0;
        for (var place = Math.Max(_firstFree, children[0].Byte + 1); ; place++)
        {
            var candidate = place - children[0].Byte;
            if (candidate + 256 >= _parent.Length)
                Reserve(2 * _parent.Length);
            if (Fits(candidate, children))
                return candidate;

            // A crowded beginning is given up, or every new node would search it again.
            if (++tries == 256)
                _firstFree = Math.Max(_firstFree, place - 128);
        }
    }

    private bool Fits(int candidate, List<(byte Byte, int From, int To)> children)
    {
        foreach (var child in children)
        {
            if (_parent[candidate + child.Byte] != Unused)
                return false;
        }

        return true;
    }

    private void Reserve(int size)
    {
        var old = _parent.Length;
        Array.Resize(ref _base, size);
        Array.Resize(ref _parent, size);
        Array.Resize(ref _value, size);
        if (size <= old)
            return;
        _parent.AsSpan(old).Fill(Unused);
        _value.AsSpan(old).Fill(None);
    }

    private void Trim()
    {
        var last = _parent.Length - 1;
        while (last > 0 && _parent[last] == Unused)
            last--;
        Reserve(Math.Min(_parent.Length, last + 257));
    }
}
