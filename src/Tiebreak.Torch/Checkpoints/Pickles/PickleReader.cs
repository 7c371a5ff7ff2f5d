using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>
/// Reads pickles (protocols 2 to 4; Python's Lib/pickletools.py describes the instructions) that hold a dictionary of tensors. It builds
/// numbers, texts, lists, dictionaries and descriptions of tensors, and can do nothing else: see <see cref="PickleGlobals"/>.
/// </summary>
internal ref struct PickleReader
{
    private static readonly object Mark = new();

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Func<object?[], object> _persistent;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <param name="bytes">The pickle, and possibly more behind it.</param>
    /// <param name="persistent">Resolves a reference to a storage.</param>
    public PickleReader(ReadOnlySpan<byte> bytes, Func<object?[], object> persistent)
    {
        _bytes = bytes;
        _persistent = persistent;
    }

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="PickleException">Damaged, or it asks for something that is not allowed.</exception>
    public object? Read()
    {
        while (true)
        {
            var code = Take(1)[0];
            if (code == '.')
                return Pop();
            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: Take(1); break; // PROTO
            case 0x95: Take(8); break; // FRAME
            case (byte)'(': Push(Mark); break;
            case (byte)'}': Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8A: Push(Long(Take(Take(1)[0]))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'X': Push(Encoding.UTF8.GetString(Take(Length()))); break;
            case 0x8C: Push(Encoding.UTF8.GetString(Take(Take(1)[0]))); break;
            case (byte)'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case (byte)'T': Push(Encoding.Latin1.GetString(Take(Length()))); break;
            case (byte)'q': _memo[Take(1)[0]] = Peek(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case 0x94: _memo[(uint)_memo.Count] = Peek(); break;
            case (byte)'h': Push(Recall(Take(1)[0])); break;
            case (byte)'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85: Push(PopTuple(1)); break;
            case 0x86: Push(PopTuple(2)); break;
            case 0x87: Push(PopTuple(3)); break;
            case (byte)'c': Push(PickleGlobals.Find(Line(), Line())); break;
            case 0x93: StackGlobal(); break;
            case (byte)'Q': Push(_persistent(Pop() as object?[] ?? throw Damaged("a reference that is no tuple"))); break;
            case (byte)'R': Reduce(); break;
            case (byte)'a': List(PopTuple(1)); break;
            case (byte)'e': List(PopToMark()); break;
            case (byte)'s': Items(PopTuple(2)); break;
            case (byte)'u': Items(PopToMark()); break;
            case (byte)'b': Pop(); break; // BUILD: attributes of a dictionary (_metadata), which tensors do not need
            default:
                throw Damaged(string.Create(
                    CultureInfo.InvariantCulture, $"the instruction 0x{code:X2}, which a dictionary of tensors does not need"));
        }
    }

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly object? Peek() => _stack.Count > 0 ? _stack[^1] : throw Damaged("a value that is not there");

    private readonly object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly object?[] PopTuple(int count)
    {
        if (_stack.Count < count)
            throw Damaged("values that are not there");
        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private readonly object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Damaged("the end of a list without its start");
        var values = PopTuple(_stack.Count - mark - 1);
        Pop();
        return values;
    }

    private readonly void StackGlobal()
    {
        if (PopTuple(2) is not [string module, string name])
            throw Damaged("a name that is no text");
        Push(PickleGlobals.Find(module, name));
    }

    private readonly void Reduce()
    {
        if (PopTuple(2) is not [Func<object?[], object?> builder, object?[] arguments])
            throw Damaged("a call of something that cannot be called");
        Push(builder(arguments));
    }

    private readonly void List(object?[] values)
    {
        if (Peek() is not List<object?> list)
            throw Damaged("an item for something that is no list");
        list.AddRange(values);
    }

    private readonly void Items(object?[] pairs)
    {
        if (Peek() is not Dictionary<string, object?> dictionary || pairs.Length % 2 != 0)
            throw Damaged("an entry for something that is no dictionary");
        for (var i = 0; i < pairs.Length; i += 2)
            dictionary[pairs[i] as string ?? throw Damaged("a dictionary with keys that are no names")] = pairs[i + 1];
    }

    private readonly object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Damaged("a value that was not kept");

    private int Length()
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        return length <= int.MaxValue ? (int)length : throw Damaged("a text of more than 2 GiB");
    }

    // Little endian, two's complement. The magic number of the old format has ten bytes; nothing else is so long.
    private static object Long(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= sizeof(long) ? (long)new System.Numerics.BigInteger(bytes) : new System.Numerics.BigInteger(bytes);

    private string Line()
    {
        var length = _bytes[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Damaged("a name without an end");
        var line = Encoding.UTF8.GetString(Take(length + 1)[..^1]);
        return line;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position)
            throw new PickleException("it ends in the middle");
        var bytes = _bytes.Slice(Position, count);
        Position += count;
        return bytes;
    }

    private static PickleException Damaged(string what) => new($"it holds {what}");
}
