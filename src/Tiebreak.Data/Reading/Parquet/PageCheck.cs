using System.Buffers.Binary;
using Parquet.Meta;
using Tiebreak.Core;
using PhysicalType = Parquet.Meta.Type;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>
/// Checks the pages of a column before Parquet.Net 6.1 reads them. That puts what it decompresses, and dictionaries, into rented memory
/// without clearing it, and does not look whether as much came as the headers say: a damaged page would show what other files held. Pages
/// in which it would notice, and <see cref="ParquetColumn"/> does not, are decompressed here too, which are few and small: dictionaries,
/// and all of the rare compressions.
/// </summary>
internal static class PageCheck
{
    private const int LargestPageBytes = 1 << 30;

    /// <summary>Checks a column of a row group.</summary>
    /// <param name="path">The path, for errors.</param>
    /// <param name="file">The file; its position stays.</param>
    /// <param name="column">The column.</param>
    /// <param name="isList">True if its entries have repetition levels.</param>
    /// <returns>The offset behind its last page.</returns>
    /// <exception cref="IOException">A page is damaged, or they hold another number of entries than the column says.</exception>
    /// <exception cref="InputException">It has pages that are not read, and can be written otherwise.</exception>
    /// <exception cref="NotSupportedException">It has pages that are not read.</exception>
    public static long Run(string path, FileStream file, ColumnMetaData column, bool isList)
    {
        var offset = new[] { column.DictionaryPageOffset ?? 0, column.DataPageOffset, column.IndexPageOffset ?? 0 }
            .Where(start => start != 0).Min();
        var left = column.NumValues;
        while (left > 0)
        {
            var page = PageHeader.Read(file, offset);
            if (page.Bytes > LargestPageBytes)
                throw new InvalidDataException($"a page of {page.Bytes} bytes");
            // Parquet.Net 6.1 throws NotImplementedException for such lists.
            if (page.Kind == PageHeader.PageKind.DataV2 && (isList || !IsRead(column.Codec)))
            {
                var pages = isList ? "lists in data pages of version 2" : $"data pages of version 2 that are compressed by {column.Codec}";
                throw new InputException($"{path} has {pages}, which are not read. "
                    + "Write it again with pages of version 1.0 (data_page_version=\"1.0\" in pyarrow).");
            }

            if (page.Kind == PageHeader.PageKind.Dictionary || !IsNoticed(column.Codec))
                CheckContent(file, column, page);
            if (page.Kind != PageHeader.PageKind.Dictionary)
                left -= page.Values;
            offset = page.Content + page.StoredBytes;
        }

        return left == 0 ? offset : throw new InvalidDataException($"pages with {-left} entries more than their column");
    }

    /// <summary>True for compressions of version 2 that are read; its levels stand before the compressed values.</summary>
    private static bool IsRead(CompressionCodec codec) => IsNoticed(codec) || codec == CompressionCodec.UNCOMPRESSED;

    /// <summary>True for what Parquet.Net decompresses to as many bytes as there are.</summary>
    private static bool IsNoticed(CompressionCodec codec) =>
        codec is CompressionCodec.SNAPPY or CompressionCodec.GZIP or CompressionCodec.ZSTD;

    private static void CheckContent(FileStream file, ColumnMetaData column, PageHeader page)
    {
        var stored = new byte[page.StoredBytes];
        if (RandomAccess.Read(file.SafeFileHandle, stored, page.Content) < stored.Length)
            throw new EndOfStreamException();
        var content = PageContent.Decompress(column.Codec, stored, page.Bytes);
        if (page.Kind == PageHeader.PageKind.Dictionary && !Holds(content, column.Type, page.Values))
            throw new InvalidDataException($"a dictionary of fewer than {page.Values} values");
    }

    private static bool Holds(ReadOnlySpan<byte> dictionary, PhysicalType type, long values)
    {
        if (type != PhysicalType.BYTE_ARRAY)
            return dictionary.Length >= values * BytesOf(type);
        for (var i = 0L; i < values; i++)
        {
            if (dictionary.Length < 4)
                return false;
            var length = BinaryPrimitives.ReadInt32LittleEndian(dictionary);
            if (length < 0 || length > dictionary.Length - 4)
                return false;
            dictionary = dictionary[(4 + length)..];
        }

        return true;
    }

    private static int BytesOf(PhysicalType type) => type switch
    {
        PhysicalType.INT32 or PhysicalType.FLOAT => 4,
        PhysicalType.INT64 or PhysicalType.DOUBLE => 8,
        PhysicalType.INT96 => 12,
        _ => throw new NotSupportedException($"dictionaries of {type}"),
    };
}
