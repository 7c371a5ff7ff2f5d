using CsCheck;
using ParquetSharp;
using Tiebreak.Data.Reading.Parquet;
using ParquetEncoding = ParquetSharp.Encoding;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>
/// Columns of every kind, written by Apache Arrow's library in every encoding, compression and version of pages, are read as they were, whatever the
/// size of pages and groups.
/// </summary>
public sealed class EncodedParquetTests : IDisposable
{
    private static readonly Gen<string?> Text =
        Gen.OneOf(OneOf(null, "", "a", "abc", "abd", "é😀"), Gen.String[0, 40]!);

    private static readonly Gen<Row> Rows = Gen.Select(
        Text, Gen.Long.Nullable(), Gen.Int.Nullable(), Gen.Double.Nullable(), Gen.Float, Gen.Bool.Nullable(),
        Gen.OneOf(Gen.Const((string?[]?)null), Text.Array[0, 4]!),
        (text, number, small, real, single, truth, texts) => new Row(text, number, small, real, single, truth, texts));

    private static readonly Gen<Writing> Writings = Gen.Select(
        OneOf(ParquetDataPageVersion.V1, ParquetDataPageVersion.V2),
        OneOf(Compression.Uncompressed, Compression.Snappy, Compression.Zstd, Compression.Brotli, Compression.Lz4),
        Gen.Bool, Gen.Int[1, 2000], Gen.Int[1, 30],
        Gen.Select(
            OneOf(ParquetEncoding.Plain, ParquetEncoding.DeltaLengthByteArray, ParquetEncoding.DeltaByteArray),
            OneOf(ParquetEncoding.Plain, ParquetEncoding.DeltaBinaryPacked, ParquetEncoding.ByteStreamSplit),
            OneOf(ParquetEncoding.Plain, ParquetEncoding.ByteStreamSplit),
            OneOf(ParquetEncoding.Plain, ParquetEncoding.Rle)),
        (version, compression, dictionaries, pageBytes, groupRows, encodings) =>
            new Writing(version, compression, dictionaries, pageBytes, groupRows, encodings));

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read() =>
        Gen.Select(Rows.Array[1, 60], Writings).Sample(
            (rows, writing) =>
            {
                var path = _folder[$"{Guid.NewGuid():N}"];
                Write(path, rows, writing);

                Assert.Equal(rows.Select(Expected), Read(path).Select(Values));
                File.Delete(path);
            },
            iter: 300,
            threads: 2);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);

    private static List<Dictionary<string, object?>> Read(string path)
    {
        using var table = ParquetTable.Open(path, threads: 1);
        return [.. Enumerable.Range(0, table.RowGroups).SelectMany(group => table.Rows(group, table.Columns.ToHashSet()))];
    }

    private static object?[] Values(Dictionary<string, object?> row) =>
        [row["text"], row["number"], row["small"], row["real"], row["single"], row["truth"], row["texts"]];

    private static object?[] Expected(Row row) =>
        [row.Text, row.Number, (long?)row.Small, row.Real, (double)row.Single, row.Truth, row.Texts?.ToList<object?>()];

    private static void Write(string path, Row[] rows, Writing writing)
    {
        var (texts, numbers, reals, truths) = writing.Encodings;
        using var builder = new WriterPropertiesBuilder();
        builder.DataPageVersion(writing.Version).Compression(writing.Compression).DataPagesize(writing.PageBytes).WriteBatchSize(3)
            .Encoding("text", texts).Encoding("texts.list.item", texts).Encoding("number", numbers).Encoding("small", numbers)
            .Encoding("real", reals).Encoding("single", reals).Encoding("truth", truths);
        if (!writing.Dictionaries)
            builder.DisableDictionary();
        using var properties = builder.Build();
        using var file = new ParquetFileWriter(
            path,
            [
                new Column<string>("text"), new Column<long?>("number"), new Column<int?>("small"), new Column<double?>("real"),
                new Column<float>("single"), new Column<bool?>("truth"), new Column<string?[]>("texts"),
            ],
            properties);
        foreach (var part in rows.Chunk(writing.GroupRows))
        {
            using var group = file.AppendRowGroup();
            Write(group, part, row => row.Text);
            Write(group, part, row => row.Number);
            Write(group, part, row => row.Small);
            Write(group, part, row => row.Real);
            Write(group, part, row => row.Single);
            Write(group, part, row => row.Truth);
            Write(group, part, row => row.Texts);
        }

        file.Close();
    }

    private static void Write<T>(RowGroupWriter group, Row[] rows, Func<Row, T> value)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(Array.ConvertAll(rows, row => value(row)));
    }

    private sealed record Row(string? Text, long? Number, int? Small, double? Real, float Single, bool? Truth, string?[]? Texts);

    private sealed record Writing(
        ParquetDataPageVersion Version,
        Compression Compression,
        bool Dictionaries,
        int PageBytes,
        int GroupRows,
        (ParquetEncoding Texts, ParquetEncoding Numbers, ParquetEncoding Reals, ParquetEncoding Truths) Encodings);
}
