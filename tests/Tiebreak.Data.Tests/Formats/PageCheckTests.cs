using Parquet.Meta;
using Tiebreak.Core;
using Tiebreak.Data.Reading.Parquet;
using PhysicalType = Parquet.Meta.Type;

namespace Tiebreak.Data.Tests.Formats;

public sealed class PageCheckTests : IDisposable
{
    private const byte Data = 0;
    private const byte DataV2 = 3;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_end_of_the_last_page_is_found()
    {
        byte[] page = [.. Header(Data, bytes: 3, values: 2), 1, 2, 3];

        Assert.Equal(4 + (2 * page.Length), Check([.. page, .. page, 9, 9], entries: 4));
    }

    [Fact]
    public void Pages_that_hold_more_or_fewer_entries_than_their_column_are_refused()
    {
        byte[] page = [.. Header(Data, bytes: 0, values: 2)];

        Assert.Throws<InvalidDataException>(() => Check(page, entries: 1));
        Assert.Throws<EndOfStreamException>(() => Check(page, entries: 3));
    }

    [Fact]
    public void A_page_that_goes_on_behind_the_file_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Check([.. Header(Data, bytes: 3, values: 1), 1, 2], entries: 1));

    [Fact]
    public void A_page_that_is_not_compressed_and_yet_has_two_sizes_is_refused()
    {
        // One byte of content, and a header that says two: what is missing would be what was in the memory before.
        var header = Header(Data, bytes: 1, values: 1);
        header[3] = 2 << 1;

        Assert.Throws<InvalidDataException>(() => Check([.. header, 1], entries: 1, codec: CompressionCodec.UNCOMPRESSED));
    }

    [Fact]
    public void Lists_in_pages_of_version_2_are_refused_with_what_to_do()
    {
        var message = Assert.Throws<InputException>(() => Check(Header(DataV2, bytes: 0, values: 1), entries: 1, isList: true)).Message;

        Assert.Contains("data_page_version=\"1.0\"", message, StringComparison.Ordinal);
        Assert.Equal(4 + Header(DataV2, bytes: 0, values: 1).Length, Check(Header(DataV2, bytes: 0, values: 1), entries: 1));
    }

    private long Check(byte[] pages, long entries, bool isList = false, CompressionCodec codec = CompressionCodec.SNAPPY)
    {
        using var file = File.OpenRead(_folder.Write([.. "PAR1"u8, .. pages]));
        return PageCheck.Run(
            "battles.parquet",
            file,
            new ColumnMetaData { Codec = codec, NumValues = entries, DataPageOffset = 4, Type = PhysicalType.BYTE_ARRAY },
            isList);
    }

    /// <summary>
    /// PageHeader { 1: i32 kind, 2: i32 bytes, 3: i32 stored bytes, 5 or 8: { 1: i32 values } } in Thrift's compact protocol.
    /// </summary>
    private static byte[] Header(byte kind, byte bytes, byte values) =>
        [
            0x15, (byte)(kind << 1), 0x15, (byte)(bytes << 1), 0x15, (byte)(bytes << 1), (byte)(kind == DataV2 ? 0x5C : 0x2C), 0x15,
            (byte)(values << 1), 0, 0,
        ];
}
