namespace Tiebreak.Data.Reading.Parquet;

/// <summary>The header of a page: what follows it, and how much of it.</summary>
/// <param name="Kind">What the page holds.</param>
/// <param name="Content">The offset in the file behind the header.</param>
/// <param name="StoredBytes">Bytes of content in the file.</param>
/// <param name="Bytes">Bytes of content when decompressed.</param>
/// <param name="Values">The values of a dictionary, or the entries of a column, absent ones counted.</param>
internal readonly record struct PageHeader(PageHeader.PageKind Kind, long Content, int StoredBytes, int Bytes, int Values)
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

    private string Struct => Kind switch
    {
        PageKind.Data => "DataPageHeader",
        PageKind.Dictionary => "DictionaryPageHeader",
        PageKind.DataV2 => "DataPageHeaderV2",
        _ => throw new NotSupportedException($"pages of the kind {Kind}"),
    };

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
        var numbers = new Dictionary<(string Struct, int Field), long>();
        var walk = new ThriftWalk(bytes, numbers);
        walk.Struct(nameof(PageHeader));
        int Number(string name, int field) => numbers.TryGetValue((name, field), out var number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new InvalidDataException($"no field {field} of {name}, or {number}");

        var header = new PageHeader(
            (PageKind)Number(nameof(PageHeader), 1), offset + walk.Position, Number(nameof(PageHeader), 3),
            Number(nameof(PageHeader), 2), 0);
        return header.Content + header.StoredBytes <= fileBytes
            ? header with { Values = Number(header.Struct, 1) }
            : throw new InvalidDataException($"a page of {header.StoredBytes} bytes");
    }
}
