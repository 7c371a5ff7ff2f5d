using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using K4os.Compression.LZ4;
using Parquet.Meta;
using Snappier;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Reads and decompresses pages, and looks whether they hold what their headers say.</summary>
internal static class PageContent
{
    private const int LargestPageBytes = 1 << 30;

    /// <summary>The content of a page, decompressed.</summary>
    /// <param name="file">The file; its position stays.</param>
    /// <param name="codec">How the column is compressed.</param>
    /// <param name="page">Where the page is.</param>
    /// <exception cref="InvalidDataException">It is damaged, or holds another number of bytes.</exception>
    /// <exception cref="NotSupportedException">It is compressed in a way that is not read.</exception>
    public static byte[] Read(FileStream file, CompressionCodec codec, PageHeader page)
    {
        var levels = (long)page.RepetitionBytes + page.DefinitionBytes; // of version 2, never compressed
        if (page.Bytes > LargestPageBytes || levels > Math.Min(page.Bytes, page.StoredBytes))
            throw new InvalidDataException($"a page of {page.Bytes} bytes, {levels} of them levels");
        var stored = new byte[page.StoredBytes];
        if (RandomAccess.Read(file.SafeFileHandle, stored, page.Content) < stored.Length)
            throw new EndOfStreamException();
        if (page.Checksum is { } checksum && checksum != Crc32.HashToUInt32(stored))
            throw new InvalidDataException("a page with another checksum than its header says");

        var content = new byte[page.Bytes];
        var rest = (int)levels;
        stored.AsSpan(0, rest).CopyTo(content);
        var size = content.Length == rest ? 0
            : Decompress(page.IsStoredPlainly ? CompressionCodec.UNCOMPRESSED : codec, stored, rest, content.AsSpan(rest));
        return size == content.Length - rest ? content : throw new InvalidDataException($"a page that does not hold {page.Bytes} bytes");
    }

    /// <summary>Decompresses what stands behind an offset; gives another number than there is room where it does not fit.</summary>
    private static int Decompress(CompressionCodec codec, byte[] stored, int offset, Span<byte> content)
    {
        var bytes = stored.AsSpan(offset);
        switch (codec)
        {
            case CompressionCodec.UNCOMPRESSED:
                return bytes.TryCopyTo(content) ? bytes.Length : -1;
            case CompressionCodec.SNAPPY:
                return Snappy.Decompress(bytes, content);
            case CompressionCodec.GZIP:
                using (var gzip = new GZipStream(
                    new MemoryStream(stored, offset, bytes.Length, writable: false), CompressionMode.Decompress))
                {
                    return gzip.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
                }

            case CompressionCodec.BROTLI:
                return BrotliDecoder.TryDecompress(bytes, content, out var written) ? written : -1;
            case CompressionCodec.LZ4_RAW:
                return LZ4Codec.Decode(bytes, content);
            case CompressionCodec.LZ4:
                return HadoopLz4(bytes, content) is var size && size == content.Length ? size : LZ4Codec.Decode(bytes, content);
            case CompressionCodec.ZSTD:
                using (var zstd = new ZstdSharp.Decompressor())
                    return zstd.Unwrap(bytes, content);
            default:
                throw new NotSupportedException($"pages compressed by {codec}");
        }
    }

    /// <summary>Blocks, each behind its size and its compressed size, the highest byte first; -1 where there are none.</summary>
    private static int HadoopLz4(ReadOnlySpan<byte> stored, Span<byte> content)
    {
        var done = 0;
        while (stored.Length > 8)
        {
            var (size, compressed) = (BinaryPrimitives.ReadInt32BigEndian(stored), BinaryPrimitives.ReadInt32BigEndian(stored[4..]));
            if (compressed < 0 || compressed > stored.Length - 8 || size < 0 || size > content.Length - done
                || LZ4Codec.Decode(stored.Slice(8, compressed), content.Slice(done, size)) != size)
            {
                return -1;
            }

            done += size;
            stored = stored[(8 + compressed)..];
        }

        return stored.IsEmpty ? done : -1;
    }
}
