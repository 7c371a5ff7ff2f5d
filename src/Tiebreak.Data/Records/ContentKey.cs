using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tiebreak.Data.Records;

/// <summary>A key of what a row says, for rows without ids: the same wherever the row stands. 64 bits of SHA-256.</summary>
internal readonly record struct ContentKey(ulong Value)
{
    /// <summary>The key of some texts.</summary>
    public static ContentKey Of(params ReadOnlySpan<string?> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            // Lengths keep "ab", "c" and "a", "bc" apart, and null from the empty text.
            BinaryPrimitives.WriteInt32LittleEndian(length, text?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        return new ContentKey(BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset()));
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => $"{Value:x16}";
}
