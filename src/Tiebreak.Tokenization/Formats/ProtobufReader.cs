using System.Buffers.Binary;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Walks the fields of a protocol buffer message (https://protobuf.dev/programming-guides/encoding/).</summary>
/// <param name="message">The message.</param>
/// <param name="path">The file that it is from.</param>
/// <param name="kind">What the file is, for the error where it is not whole: <c>SentencePiece model</c>.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string path, string kind)
{
    private readonly int _length = message.Length;
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a number or flag.</summary>
    public ulong Number { get; private set; }

    /// <summary>Content of a text or message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where <see cref="Bytes"/> begin in the message.</summary>
    public readonly int Start => _length - _rest.Length - Bytes.Length;

    /// <summary>The number as a float.</summary>
    public readonly float Single => BitConverter.UInt32BitsToSingle((uint)Number);

    /// <summary>Goes to the next field.</summary>
    /// <exception cref="InputException">The message is damaged.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Damaged();
        }

        return true;
    }

    /// <summary>Reads one number of a packed list: the message is nothing but numbers.</summary>
    /// <exception cref="InputException">The message is damaged.</exception>
    public bool ReadPacked()
    {
        if (_rest.IsEmpty)
            return false;
        Number = Varint();
        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw Damaged();
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private readonly InputException Damaged() => new($"{path} is not a whole {kind}: it is cut short or damaged. Download it again.");
}
