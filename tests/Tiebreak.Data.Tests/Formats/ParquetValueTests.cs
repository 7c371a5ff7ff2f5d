using ParquetSharp;
using Tiebreak.Data.Reading.Parquet;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>What values of the types that Parquet has beside texts and plain numbers are here.</summary>
public sealed class ParquetValueTests : IDisposable
{
    private static readonly DateTime Time = new(2024, 2, 29, 12, 34, 56, 789, DateTimeKind.Utc);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void Values_of_every_type(ParquetDataPageVersion version)
    {
        // Nanoseconds of the day, and the Julian day: 1970-01-01 is 2,440,588.
        var (day, nanoseconds) = ((int)(Time.Date - DateTime.UnixEpoch).TotalDays + 2_440_588, Time.TimeOfDay.Ticks * 100);

        CheckColumn(version, new Column<Int96>("x"), [new Int96((int)nanoseconds, (int)(nanoseconds >> 32), day)], new DateTimeOffset(Time));
        CheckColumn(
            version, new Column<DateTime>("x", LogicalType.Timestamp(isAdjustedToUtc: true, ParquetSharp.TimeUnit.Millis)), [Time],
            new DateTimeOffset(Time));
        CheckColumn(version, new Column<DateTimeNanos>("x"), [new DateTimeNanos(Time)], new DateTimeOffset(Time));
        CheckColumn(version, new Column<Date>("x"), [new Date(2024, 2, 29)], new DateTimeOffset(Time.Date, TimeSpan.Zero));
        CheckColumn(version, new Column<decimal>("x", LogicalType.Decimal(29, 3)), [-12345.678m], -12345.678);
        CheckColumn(version, new Column<decimal>("x", LogicalType.Decimal(9, 2)), [8.25m], 8.25);
        CheckColumn(version, new Column<Half>("x"), [(Half)0.5], 0.5);
        CheckColumn(version, new Column<Guid>("x"), [Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")], "00112233-4455-6677-8899-aabbccddeeff");
        CheckColumn(version, new Column<byte>("x"), [(byte)200], 200L);
        CheckColumn(version, new Column<sbyte>("x"), [(sbyte)-3], -3L);
        CheckColumn(version, new Column<uint>("x"), [uint.MaxValue], (long)uint.MaxValue);
        CheckColumn(version, new Column<ulong>("x"), [ulong.MaxValue], (double)ulong.MaxValue);
        CheckColumn(version, new Column<byte[]>("x"), ["text"u8.ToArray()], "text");
        CheckColumn(version, new Column<string>("x", LogicalType.Json()), ["[1]"], "[1]");
    }

    [Fact]
    public void A_time_that_no_calendar_has_is_a_text_that_says_so() => CheckColumn(
        ParquetDataPageVersion.V1,
        new Column<long>("x", LogicalType.Timestamp(isAdjustedToUtc: true, ParquetSharp.TimeUnit.Micros)),
        [long.MaxValue],
        "a time out of the years 1 to 9999");

    private void CheckColumn<T>(ParquetDataPageVersion version, Column<T> column, T[] values, object expected)
    {
        using (var builder = new WriterPropertiesBuilder())
        {
            using var properties = builder.DataPageVersion(version).Build();
            using var file = new ParquetFileWriter(_folder["values"], [column], properties);
            using var group = file.AppendRowGroup();
            using var writer = group.NextColumn().LogicalWriter<T>();
            writer.WriteBatch(values);
            file.Close();
        }

        using var table = ParquetTable.Open(_folder["values"], threads: 1);
        Assert.Equal(expected, Assert.Single(table.Rows(0, table.Columns.ToHashSet()))["x"]);
    }
}
