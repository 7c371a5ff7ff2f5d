using System.IO.Hashing;
using Parquet.Meta;
using Parquet.Schema;
using Tiebreak.Data.Reading.Parquet;
using PhysicalType = Parquet.Meta.Type;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Pages written byte by byte: what a damaged column is refused for.</summary>
public sealed class ColumnChunkTests : IDisposable
{
    private const byte Data = 0;
    private const byte Dictionary = 2;
    private const byte DataV2 = 3;
    private const byte Plain = 0;
    private const byte Looked = 8;

    private static readonly DataField Required = new ParquetSchema(new DataField<int>("x")).DataFields[0];
    private static readonly DataField Optional = new ParquetSchema(new DataField<int?>("x")).DataFields[0];

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pages_follow_each_other()
    {
        byte[] page = [.. Header(Data, 8, 2), 1, 0, 0, 0, 2, 0, 0, 0];

        Assert.Equal([1, 2, 1, 2], Read([.. page, .. page, 9, 9], entries: 4));
    }

    [Fact]
    public void Pages_that_hold_more_or_fewer_entries_than_their_column_are_refused()
    {
        byte[] page = [.. Header(Data, 8, 2), 1, 0, 0, 0, 2, 0, 0, 0];

        Assert.Throws<InvalidDataException>(() => Read(page, entries: 1));
        Assert.Throws<EndOfStreamException>(() => Read(page, entries: 3));
    }

    [Fact]
    public void A_page_that_goes_on_behind_the_file_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Read([.. Header(Data, 8, 2), 1, 0, 0, 0], entries: 2));

    [Fact]
    public void A_page_of_fewer_values_than_it_says_is_refused() =>
        Assert.Throws<EndOfStreamException>(() => Read([.. Header(Data, 4, 2), 1, 0, 0, 0], entries: 2));

    [Fact]
    public void A_page_that_is_not_compressed_and_yet_has_two_sizes_is_refused()
    {
        var header = Header(Data, 4, 1);
        header[3] = 8 << 1;

        Assert.Throws<InvalidDataException>(() => Read([.. header, 1, 0, 0, 0], entries: 1));
    }

    [Fact]
    public void Levels_stand_before_the_values_in_both_versions()
    {
        byte[] levels = [1 << 1, 1, 1 << 1, 0]; // one entry that is there, one that is not

        Assert.Equal([7], Read([.. Header(Data, 12, 2), 4, 0, 0, 0, .. levels, 7, 0, 0, 0], entries: 2, Optional));
        Assert.Equal([7], Read([.. Header(DataV2, 8, 2, definitionBytes: 4), .. levels, 7, 0, 0, 0], entries: 2, Optional));
    }

    [Fact]
    public void Levels_that_tell_nothing_are_passed_over() =>
        Assert.Equal([7], Read([.. Header(DataV2, 6, 1, definitionBytes: 2), 1 << 1, 0, 7, 0, 0, 0], entries: 1));

    [Fact]
    public void A_page_with_another_checksum_than_its_header_says_is_refused()
    {
        byte[] content = [7, 0, 0, 0];
        var checksum = Crc32.HashToUInt32(content);

        Assert.Equal([7], Read([.. Header(Data, 4, 1, checksum: checksum), .. content], entries: 1));
        Assert.Throws<InvalidDataException>(() => Read([.. Header(Data, 4, 1, checksum: checksum + 1), .. content], entries: 1));
    }

    [Fact]
    public void Levels_that_cannot_be_are_refused()
    {
        byte[] tooDeep = [.. Header(DataV2, 3, 2, definitionBytes: 3), (1 << 1) | 1, 2, 0];

        Assert.Throws<EndOfStreamException>(() => Read([.. Header(DataV2, 2, 2, definitionBytes: 2), 1 << 1, 1], entries: 2, Optional));
        Assert.Throws<InvalidDataException>(() => Read([.. Header(DataV2, 2, 1, definitionBytes: 2), 1 << 1, 2], entries: 1, Optional));
        Assert.Throws<InvalidDataException>(() => Read(Header(DataV2, 0, 1, definitionBytes: 2), entries: 1, Optional));
        Assert.Throws<EndOfStreamException>(() => Read(tooDeep, entries: 2, Optional));
    }

    [Fact]
    public void A_place_behind_the_dictionary_is_refused()
    {
        byte[] dictionary = [.. Header(Dictionary, 8, 2), 5, 0, 0, 0, 6, 0, 0, 0];
        byte[] Page(byte place) => [.. dictionary, .. Header(Data, 3, 1, Looked), 2, 1 << 1, place];

        Assert.Equal([6], Read(Page(1), entries: 1));
        Assert.Throws<InvalidDataException>(() => Read(Page(2), entries: 1));
    }

    private List<int> Read(byte[] pages, long entries, DataField? field = null)
    {
        using var file = File.OpenRead(_folder.Write([.. "PAR1"u8, .. pages]));
        return ColumnChunk<int>.Read(
            file,
            field ?? Required,
            new SchemaElement { Name = "x", Type = PhysicalType.INT32 },
            new ColumnMetaData
            {
                Codec = CompressionCodec.UNCOMPRESSED,
                NumValues = entries,
                DataPageOffset = 4,
                Type = PhysicalType.INT32,
            },
            bytes => BitConverter.ToInt32(bytes)).Values;
    }

    /// <summary>
    /// A page's header in Thrift's compact protocol: each field is a byte for its type and the step to its number, and twice its value in
    /// groups of seven bits.
    /// </summary>
    private static byte[] Header(
        byte kind, byte bytes, byte values, byte encoding = Plain, byte definitionBytes = 0, uint? checksum = null)
    {
        var (field, content) = kind switch
        {
            Data => (5, Fields(values, encoding, 3, 3)),
            Dictionary => (7, Fields(values, encoding)),
            _ => (8, Fields(values, 0, values, encoding, definitionBytes, 0)),
        };
        byte[] first = [.. Fields(kind, bytes, bytes), .. checksum is { } number ? Fields((int)number) : []];
        return [.. first, (byte)(((field - (checksum is null ? 3 : 4)) << 4) | 0xC), .. content, 0, 0];
    }

    private static byte[] Fields(params int[] numbers) => [.. numbers.SelectMany(number => Groups(number).Prepend((byte)0x15))];

    private static IEnumerable<byte> Groups(int number)
    {
        var rest = (ulong)(((long)number << 1) ^ ((long)number >> 63));
        for (; rest > 127; rest >>= 7)
            yield return (byte)((rest & 127) | 128);
        yield return (byte)rest;
    }
}
