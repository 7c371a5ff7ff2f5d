using System.IO.Compression;
using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Submissions;
using Tiebreak.Data.Votes;

namespace Tiebreak.Data.Tests;

/// <summary>
/// What every reader has to stand, reader by reader: byte order marks, mixed line ends, texts of 50 megabytes, and files that unfold to far
/// more than they are.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    private const string Jsonl = """{"id":"1","prompt":["p"],"response_a":["a"],"response_b":["b"],"winner":"tie"}""";
    private const string JsonVote = """{"model_a":"x","model_b":"y","winner":"tie"}""";
    private const string VoteHeader = "model_a,model_b,winner\n";
    private const string SubmissionHeader = "id,winner_model_a,winner_model_b,winner_tie\n";

    private readonly DataFolder _folder = new();

    /// <summary>How a file of each kind is read: the number of its rows.</summary>
    private static readonly Dictionary<string, (string Content, Func<string, BattleReadOptions, int> Read)> Readers =
        new(StringComparer.Ordinal)
        {
            ["csv"] = (DataFolder.TrainHeader + DataFolder.TrainRow, ReadBattles),
            ["jsonl"] = (Jsonl + "\n", ReadBattles),
            ["json"] = ($"[{Jsonl}]", ReadBattles),
            ["csv votes"] = (VoteHeader + "x,y,tie\n", ReadVotes),
            ["json votes"] = (JsonVote + "\n", ReadVotes),
            ["submission"] = (SubmissionHeader + "1,0.25,0.25,0.5\n", (path, _) => SubmissionFile.Read(path).Count),
        };

    public static TheoryData<string> Names => [.. Readers.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_byte_order_mark_is_no_part_of_the_first_name(string name)
    {
        var content = "\uFEFF" + Readers[name].Content;

        Assert.Equal(1, Read(name, Encoding.UTF8.GetBytes(content)));
        Assert.Equal(1, Read(name, DataFolder.Gzip(content)));
        Assert.Equal(1, Read(name, Zstandard(content)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Utf16_with_its_mark_is_read_also_inside_compressed_files(string name)
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes(Readers[name].Content)];
            foreach (var file in new[] { content, Gzip(content) })
                Assert.Equal(1, Read(name, file));
        }
    }

    [Fact]
    public void Line_ends_of_all_kinds_may_stand_in_one_file()
    {
        var row = DataFolder.TrainRow.TrimEnd();
        var battles = _folder.Write($"{DataFolder.TrainHeader.TrimEnd()}\r\n{row}\n{"2" + row[1..]}\r\n\r\n{"3" + row[1..]}");
        Assert.Equal(["1", "2", "3"], BattleReader.Read(battles, DataFolder.Train).Select(read => read.Battle!.Id));
        Assert.Equal([2L, 3, 5], BattleReader.Read(battles, DataFolder.Train).Select(read => read.Line));

        Assert.Equal(3, BattleReader.Read(_folder.Write($"{Jsonl}\r\n{Jsonl.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)}\n\r\n"
            + $"{Jsonl.Replace("\"1\"", "\"3\"", StringComparison.Ordinal)}"), DataFolder.Train).Count(read => read.Battle is not null));
        Assert.Equal(3, VoteReader.Read(_folder.Write("model_a,model_b,winner\r\nx,y,tie\ny,x,model_a\r\nx,y,model_b")).Count);
        Assert.Equal(2, VoteReader.Read(_folder.Write($"{JsonVote}\r\n{JsonVote}\n")).Count);
        Assert.Equal(2, SubmissionFile.Read(_folder.Write($"{SubmissionHeader.TrimEnd()}\r\n1,0.25,0.25,0.5\n2,0.25,0.25,0.5\r\n")).Count);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("json")]
    [InlineData("parquet")]
    public void A_text_of_50_megabytes_is_read_or_refused_by_the_stated_limit(string format)
    {
        var text = new string('x', 50_000_000);
        var battle = new Battle { Id = "1", Turns = [new Turn("p", text, "b")], Verdict = Verdict.Tie };
        var path = _folder["large"];
        if (string.Equals(format, "parquet", StringComparison.Ordinal))
        {
            BattleWriter.WriteParquet(path, [battle]);
        }
        else if (string.Equals(format, "csv", StringComparison.Ordinal))
        {
            _folder.Write(
                Encoding.UTF8.GetBytes(DataFolder.TrainHeader + DataFolder.Row("1", "[\"p\"]", $"[\"{text}\"]", "[\"b\"]", "0,0,1")),
                "large");
        }
        else
        {
            _folder.Write(
                Encoding.UTF8.GetBytes(Readers[format].Content.Replace("\"a\"", $"\"{text}\"", StringComparison.Ordinal)), "large");
        }

        var read = Assert.Single(BattleReader.Read(path, DataFolder.Train));
        Assert.Equal(text.Length, read.Battle!.Turns[0].ResponseA!.Length);
        Assert.Equal(Verdict.Tie, read.Battle.Verdict);

        // Parquet's bound is that of a row group.
        if (!string.Equals(format, "parquet", StringComparison.Ordinal))
        {
            Assert.Contains(
                "1 MiB",
                Assert.Throws<InputException>(() => ReadBattles(path, DataFolder.Train with { MaxRecordBytes = 1 << 20 })).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_that_unfolds_to_one_endless_row_stops_at_the_largest_row(string name)
    {
        var start = name switch
        {
            "json" or "jsonl" or "json votes" => (name is "json" ? "[" : "") + "{\"model_a\":\"x\",\"id\":\"",
            _ => Readers[name].Content.Split('\n')[0] + "\n\"",
        };
        var bomb = Gzip([.. Encoding.UTF8.GetBytes(start), .. Enumerable.Repeat((byte)'0', 80 << 20)]);
        Assert.InRange(bomb.Length, 0, 1 << 20);

        Assert.Contains(" MiB", Fail(name, bomb), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("json votes")]
    public void Brackets_without_end_are_a_problem_of_their_row(string name)
    {
        var (good, read) = Readers[name];
        var bomb = $"{{\"id\":\"2\",\"x\":{new string('[', 200_000)}\n";

        Assert.Equal(1, read(_folder.Write(good + bomb), DataFolder.Train));
    }

    private static int ReadBattles(string path, BattleReadOptions options) =>
        BattleReader.Read(path, options).Count(row => row.Battle is not null);

    private static int ReadVotes(string path, BattleReadOptions options) => VoteReader.Read(path, options).Count;

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(content);
        return stream.ToArray();
    }

    private static byte[] Zstandard(string content)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(content)).ToArray();
    }

    private int Read(string name, byte[] content) => Readers[name].Read(_folder.Write(content), DataFolder.Train);

    private string Fail(string name, byte[] content)
    {
        var message = Assert.Throws<InputException>(() => Read(name, content)).Message;
        Assert.StartsWith(_folder["file.csv"], message, StringComparison.Ordinal);
        return message;
    }
}
