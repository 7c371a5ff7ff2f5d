using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tiebreak.Core.Battles;

/// <summary>A key of what texts say, the same wherever they stand: 64 bits of SHA-256.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct ContentKey(ulong Value)
{
    /// <summary>The key of some texts in their order; null and the empty text differ.</summary>
    public static ContentKey Of(params ReadOnlySpan<string?> texts)
    {
        var size = 0;
        foreach (var text in texts)
            size = checked(size + sizeof(int) + (sizeof(char) * (text?.Length ?? 0)));

        // One call of the hash for all texts: setting up a hash that grows costs more than copying.
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        var rest = bytes.AsSpan(0, size);
        foreach (var text in texts)
        {
            // Lengths keep "ab", "c" and "a", "bc" apart, and null from the empty text.
            BinaryPrimitives.WriteInt32LittleEndian(rest, text?.Length ?? -1);
            var characters = MemoryMarshal.AsBytes(text.AsSpan());
            characters.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + characters.Length)..];
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, size), hash);
        ArrayPool<byte>.Shared.Return(bytes);
        return new ContentKey(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>The key of a battle's prompts and responses: the same for the battle with A and B exchanged.</summary>
    public static ContentKey Of(Battle battle) => Of(battle, out _);

    /// <summary>The key of a battle's prompts and responses, and which side it takes first.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="swapped">Whether side B comes first: battles of one key that differ here have A and B exchanged.</param>
    public static ContentKey Of(Battle battle, out bool swapped)
    {
        var prompts = Of([.. battle.Turns.Select(turn => turn.Prompt)]).ToString();
        var a = Of([.. battle.Turns.Select(turn => turn.ResponseA)]);
        var b = Of([.. battle.Turns.Select(turn => turn.ResponseB)]);
        swapped = a.Value >= b.Value;
        return swapped ? Of(prompts, b.ToString(), a.ToString()) : Of(prompts, a.ToString(), b.ToString());
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => $"{Value:x16}";
}
