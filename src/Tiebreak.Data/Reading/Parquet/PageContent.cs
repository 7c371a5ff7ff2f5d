using System.IO.Compression;
using K4os.Compression.LZ4;
using Parquet.Meta;
using Snappier;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>Decompresses pages by the libraries that Parquet.Net uses, and looks whether they held what their headers say.</summary>
internal static class PageContent
{
    /// <summary>The content of a page.</summary>
    /// <param name="codec">How it is compressed.</param>
    /// <param name="stored">The compressed content.</param>
    /// <param name="size">The bytes that its header says.</param>
    /// <exception cref="InvalidDataException">It is damaged, or holds another number of bytes.</exception>
    /// <exception cref="NotSupportedException">It is compressed in a way that is not read.</exception>
    public static byte[] Decompress(CompressionCodec codec, byte[] stored, int size)
    {
        var content = new byte[size];
        if (Decompress(codec, stored, content) == size)
            return content;
        throw codec == CompressionCodec.LZ4
            ? new NotSupportedException("its pages are in Hadoop's old form of LZ4; write it again with another compression")
            : new InvalidDataException($"a page that does not hold {size} bytes");
    }

    private static int Decompress(CompressionCodec codec, byte[] stored, byte[] content)
    {
        switch (codec)
        {
            case CompressionCodec.UNCOMPRESSED:
                stored.AsSpan(0, Math.Min(stored.Length, content.Length)).CopyTo(content);
                return stored.Length;
            case CompressionCodec.SNAPPY:
                return Snappy.Decompress(stored, content);
            case CompressionCodec.GZIP:
                using (var gzip = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress))
                    return gzip.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            case CompressionCodec.BROTLI:
                return BrotliDecoder.TryDecompress(stored, content, out var written) ? written : -1;
            case CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW:
                return LZ4Codec.Decode(stored, content);
            case CompressionCodec.ZSTD:
                using (var zstd = new ZstdSharp.Decompressor())
                    return zstd.Unwrap(stored, content);
            default:
                throw new NotSupportedException($"pages compressed by {codec}");
        }
    }
}
