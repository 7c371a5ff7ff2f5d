using System.Buffers.Binary;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Checks the footer of a Parquet file before Parquet.Net reads it: see <see cref="ThriftWalk"/>.</summary>
internal static class FooterCheck
{
    // Writers put each column's smallest and largest text there, twice and whole: a battle of 64 MiB makes a footer of several times that.
    private const int LargestFooterBytes = 512 << 20;

    /// <summary>Checks the footer at the end of a file.</summary>
    /// <exception cref="IOException">It is damaged, encrypted or too large.</exception>
    public static void Run(FileStream file)
    {
        Span<byte> tail = stackalloc byte[8];
        if (file.Length < 12)
            throw new InvalidDataException("too short");
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length is < 0 or > LargestFooterBytes || length > file.Length - 12)
            throw new InvalidDataException($"a footer of {length} bytes");

        var footer = new byte[length];
        file.Seek(-tail.Length - length, SeekOrigin.End);
        file.ReadExactly(footer);
        new ThriftWalk(footer).Struct("FileMetaData");
    }
}
