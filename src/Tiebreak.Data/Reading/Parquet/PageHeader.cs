using Parquet.Meta;

namespace Tiebreak.Data.Reading.Parquet;

/// <summary>The header of a page: what follows it, and how much of it.</summary>
/// <param name="Kind">What the page holds.</param>
/// <param name="Content">The offset in the file behind the header.</param>
/// <param name="StoredBytes">Bytes of content in the file.</param>
/// <param name="Bytes">Bytes of content when decompressed.</param>
internal readonly record struct PageHeader(PageHeader.PageKind Kind, long Content, int StoredBytes, int Bytes)
{
    private const int FirstBytes = 1 << 10;
    private const int MostBytes = 256 << 20; // it may hold the smallest and largest text of its page

    /// <summary>Numbers of parquet.thrift.</summary>
    internal enum PageKind
    {
        Data = 0,
        Index = 1,
        Dictionary = 2,
        DataV2 = 3,
    }

    public bool IsDictionary => Kind == PageKind.Dictionary;

    public bool IsVersion2 => Kind == PageKind.DataV2;

    /// <summary>The values of a dictionary, or the entries of a column, absent ones counted.</summary>
    public int Values { get; private init; }

    /// <summary>How the values are encoded.</summary>
    public Encoding Encoding { get; private init; }

    /// <summary>How the definition levels are encoded, where there are any.</summary>
    public Encoding DefinitionEncoding { get; private init; } = Encoding.RLE;

    /// <summary>How the repetition levels are encoded, where there are any.</summary>
    public Encoding RepetitionEncoding { get; private init; } = Encoding.RLE;

    /// <summary>The CRC-32 of the content as it is stored; null where the writer has left it out.</summary>
    public uint? Checksum { get; private init; }

    /// <summary>Bytes of the repetition levels of a page of version 2, which stand first and are not compressed.</summary>
    public int RepetitionBytes { get; private init; }

    /// <summary>Bytes of its definition levels, which follow.</summary>
    public int DefinitionBytes { get; private init; }

    /// <summary>True if the values of a page of version 2 are stored as they are, whatever compresses the column.</summary>
    public bool IsStoredPlainly { get; private init; }

    /// <summary>Reads the header at an offset.</summary>
    /// <exception cref="IOException">There is none, or it says what cannot be.</exception>
    /// <exception cref="NotSupportedException">The page is of a kind that is not read.</exception>
    public static PageHeader Read(FileStream file, long offset)
    {
        for (var size = FirstBytes; ; size *= 8)
        {
            var buffer = new byte[size];
            var count = RandomAccess.Read(file.SafeFileHandle, buffer, offset);
            try
            {
                return Read(buffer.AsSpan(0, count), offset, file.Length);
            }
            catch (EndOfStreamException) when (count == size && size < MostBytes)
            {
                // It goes on behind what was read.
            }
        }
    }

    private static PageHeader Read(ReadOnlySpan<byte> bytes, long offset, long fileBytes)
    {
        var fields = new Dictionary<(string Struct, int Field), long>();
        var walk = new ThriftWalk(bytes, fields);
        walk.Struct(nameof(PageHeader));
        int Number(string name, int field) => fields.TryGetValue((name, field), out var number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new InvalidDataException($"no field {field} of {name}, or {number}");

        var header = new PageHeader(
            (PageKind)Number(nameof(PageHeader), 1), offset + walk.Position, Number(nameof(PageHeader), 3), Number(nameof(PageHeader), 2))
        {
            Checksum = fields.TryGetValue((nameof(PageHeader), 4), out var checksum) ? (uint)checksum : null,
        };
        if (header.Content + header.StoredBytes > fileBytes)
            throw new InvalidDataException($"a page of {header.StoredBytes} bytes");

        return header.Kind switch
        {
            PageKind.Data => header with
            {
                Values = Number("DataPageHeader", 1),
                Encoding = (Encoding)Number("DataPageHeader", 2),
                DefinitionEncoding = (Encoding)Number("DataPageHeader", 3),
                RepetitionEncoding = (Encoding)Number("DataPageHeader", 4),
            },
            PageKind.Dictionary => header with { Values = Number("DictionaryPageHeader", 1) },
            PageKind.DataV2 => header with
            {
                Values = Number("DataPageHeaderV2", 1),
                Encoding = (Encoding)Number("DataPageHeaderV2", 4),
                DefinitionBytes = Number("DataPageHeaderV2", 5),
                RepetitionBytes = Number("DataPageHeaderV2", 6),
                IsStoredPlainly = fields.GetValueOrDefault(("DataPageHeaderV2", 7), 1) == 0,
            },
            _ => throw new NotSupportedException($"pages of the kind {header.Kind}"),
        };
    }
}
