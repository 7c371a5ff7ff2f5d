using System.IO.Compression;
using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Data.Tests;

/// <summary>Files that cannot be read, or not to their end: one clear sentence each.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\r\n \n", "has no layout of battles that Tiebreak knows")]
    [InlineData("\n\n", "holds nothing but blank lines")]
    [InlineData(DataFolder.TrainHeader, "has no rows, only column names")]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull")]
    [InlineData("PAR1....", "begins like a Parquet file")]
    [InlineData("PK\u0003\u0004", "zip archive")]
    [InlineData("PK\u0003\u0004...[Content_Types].xml", "Save its sheet as \"CSV UTF-8\"")]
    [InlineData("PK\u0003\u0004...mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "Save its sheet as \"CSV UTF-8\"")]
    [InlineData("BZh9", "bzip2")]
    [InlineData("a\0b", "not a text file")]
    [InlineData("[{\"id\":1}", "the list is not closed at the end of the file, line 1")]
    [InlineData("[{\"prompt\":\"p\",\"response_a\":\"a\",\"response_b\":\"b\"}]\n\n{", "text follows the list on line 3")]
    [InlineData("[]", "has no rows")]
    [InlineData("{\"\\ud83d\":1}", "has no layout of battles that Tiebreak knows")]
    [InlineData("model_a,model_b,winner\nx,y,tie\n", "its columns are \"model_a\", \"model_b\", \"winner\". They are those of votes")]
    [InlineData("frage;antwort_1\n", "its columns are \"frage\", \"antwort_1\". Say which of them are which: `columns` prompt=NAME")]
    [InlineData("{\"id\":{\"0\":1,\"1\":2},\"prompt\":{\"0\":\"p\"}}", "orient=\"records\"")]
    [InlineData("{\n \"length bias\": [\n  {\"prompt\": \"p\"}\n ]\n}", "is a JSON object over several lines")]
    [InlineData("id,prompt,answer1,answer2,comparison\n", "prompt=prompt,response_a=answer1,response_b=answer2,winner=comparison")]
    [InlineData("{\"data\":[{\"prompt\":\"p\"}]}", "jq -c '.data[]'")]
    [InlineData("{\"columns\":[\"id\"],\"index\":[0],\"data\":[[1]]}", "orient=\"records\"")]
    [InlineData("id,id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n", "has two columns \"id\"")]
    public void What_is_no_battle_file_is_named(string content, string reason) => Fails(_folder.Write(content), reason);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x69, 0x00 }, "its columns are \"i\"")]
    [InlineData(new byte[] { 0x69, 0x00, 0x64, 0x00 }, "is not a text file")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x00 }, "is damaged or cut off")]
    public void What_is_no_text_is_named(byte[] content, string reason) => Fails(_folder.Write(content), reason);

    [Fact]
    public void Part_of_the_winner_columns_is_an_error_in_test_data_too() =>
        Assert.Contains("has no column \"winner_tie\"", Assert.Throws<InputException>(() =>
            BattleReader.Read(_folder.Write("id,prompt,response_a,response_b,winner_model_a,winner_model_b\n"), DataFolder.Test)
                .Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Fails(_folder["nowhere.csv"], "There is no file");
        Fails(_folder[""], "is a folder");
    }

    [Theory]
    [InlineData(
        "2,x,y,\"[\"\"p\"\"]\",[],\"[never closed\n3,x,y,[],[],[],1,0,0\n", "line 3, column 20: the quote that opens here is never closed")]
    [InlineData(
        "2,x,y,\"[\"\"p\"\"]\" ,[],[],1,0,0\n",
        "line 3, column 16: text follows the closing quote of the field that begins at line 3, column 7")]
    [InlineData("2,x,y,\"[\"p\"]\",[],[],1,0,0\n", "line 3, column 10: text follows the closing quote")]
    [InlineData(
        "2,x,y,\"[\n\n\"\"é\"\"]\"x,[],[],1,0,0\n",
        "line 5, column 8: text follows the closing quote of the field that begins at line 3, column 7")]
    [InlineData("2,x,y,[\"p\"],[],[],1,0,0\n", "line 3, column 8: a quote inside a field that does not begin with one")]
    [InlineData("2,x,y, \"[]\",[],[],1,0,0\n", "line 3, column 8: a quote inside a field")]
    [InlineData("2,x\",y,[],[],[],1,0,0\n3,x,y,[],[],[],1,0,0\n", "line 3, column 4: a quote inside a field")]
    public void Wrong_quoting_is_named_with_its_place_and_the_rows_before_are_read(string rows, string reason)
    {
        foreach (var blockBytes in new[] { 1, 7, 64, 1 << 20 })
        {
            var path = _folder.Write(DataFolder.TrainHeader + DataFolder.TrainRow + rows);
            var read = new List<BattleRow>();
            var exception = Assert.Throws<InputException>(() =>
                read.AddRange(Collect(BattleReader.Read(path, DataFolder.Train with { BlockBytes = blockBytes }), read)));

            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            Assert.Single(read);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public void A_record_larger_than_allowed_is_named_by_the_line_where_it_starts(int blockBytes)
    {
        var options = DataFolder.Train with { BlockBytes = blockBytes, MaxRecordBytes = 1000 };
        var large = DataFolder.Row("2", $"[\"{new string('x', 5000)}\"]", "[\"a\"]", "[\"b\"]");
        var start = DataFolder.TrainHeader + DataFolder.TrainRow;

        Assert.Contains(
            "line 3, column 7: the quote that opens here is not closed within 1000 bytes",
            Fail(start + large + DataFolder.TrainRow, options),
            StringComparison.Ordinal);
        Assert.Contains(
            "line 3: the row that starts here is larger than 1000 bytes",
            Fail(start + large.Replace("\"", "", StringComparison.Ordinal), options),
            StringComparison.Ordinal);
        Assert.Contains("larger than 1000 bytes", Fail($"{{\"id\":\"{new string('x', 5000)}\"}}\n", options), StringComparison.Ordinal);
        Assert.Contains("larger than 1000 bytes", Fail(new string('x', 5000), options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_never_closes_stops_at_the_largest_record()
    {
        var options = DataFolder.Train with { BlockBytes = 100, MaxRecordBytes = 1000 };
        var text = DataFolder.TrainHeader + "1,x,y,\"never closed\n" + string.Concat(Enumerable.Repeat("2,x,y,[],[],[],1,0,0\n", 10_000));

        Assert.Contains(
            "line 2, column 7: the quote that opens here is not closed within 1000 bytes", Fail(text, options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_that_is_cut_off_or_damaged_is_named()
    {
        var text = DataFolder.TrainHeader
            + string.Concat(Enumerable.Range(0, 20_000).Select(i => DataFolder.Row($"{i}", $"[\"{i * 7919}\"]", "[\"a\"]", "[\"b\"]")));
        var bytes = DataFolder.Gzip(text);

        foreach (var length in new[] { bytes.Length / 2, bytes.Length - 9, bytes.Length - 4, 1000 })
            Fails(_folder.Write(bytes[..length]), "is damaged or cut off");

        bytes[bytes.Length / 2] ^= 0x55;
        Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(bytes), DataFolder.Train).Count());
    }

    [Fact]
    public void A_gzip_bomb_stops_at_the_largest_record()
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(DataFolder.TrainHeader + "1,\""));
            var zeros = new byte[1 << 20];
            zeros.AsSpan().Fill((byte)'0');
            for (var i = 0; i < 64; i++)
                gzip.Write(zeros);
        }

        Assert.Contains("not closed within 4 MiB", Assert.Throws<InputException>(() =>
            BattleReader.Read(_folder.Write(stream.ToArray()), DataFolder.Train with { MaxRecordBytes = 4 << 20 }).Count()).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<BattleRow> Collect(IEnumerable<BattleRow> rows, List<BattleRow> into)
    {
        foreach (var row in rows)
            into.Add(row);
        return [];
    }

    private string Fail(string content, BattleReadOptions options) =>
        Assert.Throws<InputException>(() => BattleReader.Read(_folder.Write(content), options).Count()).Message;

    private static void Fails(string path, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<InputException>(() => BattleReader.Read(path, DataFolder.Train).Count()).Message,
            StringComparison.Ordinal);
}
