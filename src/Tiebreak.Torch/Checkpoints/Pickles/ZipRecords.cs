using System.Buffers.Binary;
using System.Text;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>
/// Where the records of a zip archive lie in it (PKWARE's APPNOTE, zip64 included). torch.save stores records without compression, so that
/// they can be used in place; System.IO.Compression tells no places.
/// </summary>
internal static class ZipRecords
{
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint EntrySignature = 0x02014B50;
    private const uint LocalSignature = 0x04034B50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;

    /// <summary>True if a file begins like a zip archive.</summary>
    public static bool IsZip(MappedFile file) =>
        file.Length >= EndBytes && BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(0, 4)) == LocalSignature;

    /// <summary>Names of the records, and where the data of each begins and how long it is, in bytes.</summary>
    /// <exception cref="PickleException">The archive is damaged or compressed.</exception>
    public static IReadOnlyDictionary<string, (long Offset, long Length)> Read(MappedFile file)
    {
        try
        {
            return ReadDirectory(file);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new PickleException("its archive is damaged: a record lies outside the file");
        }
    }

    private static Dictionary<string, (long Offset, long Length)> ReadDirectory(MappedFile file)
    {
        var (at, count) = FindDirectory(file);
        var records = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        for (var i = 0L; i < count; i++)
        {
            var entry = file.Slice(at, EntryBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != EntrySignature)
                throw new PickleException("its archive's directory is damaged");
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]), extraBytes =
                BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
            int commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
            var name = Encoding.UTF8.GetString(file.Slice(at + EntryBytes, nameBytes));
            if (BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]) != 0)
                throw new PickleException($"its record {name} is compressed, which torch.save does not do");

            // Fields of zip64 stand in the order: size, packed size, place; each is there only if the short field is full.
            var extra = Zip64(file.Slice(at + EntryBytes + nameBytes, extraBytes));
            var size = Field(entry, 24, ref extra);
            _ = Field(entry, 20, ref extra);
            var local = Field(entry, 42, ref extra);
            var head = file.Slice(local, LocalBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(head) != LocalSignature)
                throw new PickleException($"its record {name} is damaged");
            var data = local + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(head[26..])
                + BinaryPrimitives.ReadUInt16LittleEndian(head[28..]);
            if (size < 0 || data > file.Length || size > file.Length - data || !records.TryAdd(name, (data, size)))
                throw new PickleException($"its record {name} lies outside the file or is there twice");
            at += EntryBytes + nameBytes + extraBytes + commentBytes;
        }

        return records;
    }

    private static (long At, long Count) FindDirectory(MappedFile file)
    {
        // The end record comes last, before a comment of up to 64 KiB.
        var tail = file.Slice(
            Math.Max(0, file.Length - EndBytes - ushort.MaxValue), (int)Math.Min(file.Length, EndBytes + ushort.MaxValue));
        Span<byte> signature = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, EndSignature);
        var found = tail.LastIndexOf(signature);
        if (found < 0 || found > tail.Length - EndBytes)
            throw new PickleException("its archive has no end, so the file is truncated; download it again");

        var end = tail[found..];
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), at = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (at != uint.MaxValue && count != ushort.MaxValue)
            return (at, count);

        var locator = file.Length - tail.Length + found - LocatorBytes;
        var end64 = file.Slice(BinaryPrimitives.ReadInt64LittleEndian(file.Slice(locator, LocatorBytes)[8..]), 56);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature)
            throw new PickleException("its archive's directory is damaged");
        return (BinaryPrimitives.ReadInt64LittleEndian(end64[48..]), BinaryPrimitives.ReadInt64LittleEndian(end64[32..]));
    }

    private static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        const ushort zip64 = 1;
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == zip64)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static long Field(ReadOnlySpan<byte> entry, int at, ref ReadOnlySpan<byte> extra)
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(entry[at..]);
        if (value != uint.MaxValue)
            return value;
        var wide = BinaryPrimitives.ReadInt64LittleEndian(extra);
        extra = extra[sizeof(long)..];
        return wide;
    }
}
