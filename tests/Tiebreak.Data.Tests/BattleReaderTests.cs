using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Data.Tests;

public sealed class BattleReaderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_of_the_competition_becomes_a_battle()
    {
        var path = _folder.Write(DataFolder.TrainHeader +
            """""
            4294947231,gpt-4,"llama,2","[""Hi, \""you\"""",null]","[""a\n\ud83d\ude00"",""\/""]","["""",""\ud83d""]",0,0,1

            """"");

        var row = Assert.Single(BattleReader.Read(path, DataFolder.Train));

        Assert.Equal(2, row.Line);
        Assert.Null(row.Problem);
        Assert.Equal("4294947231", row.Battle!.Id);
        Assert.Equal(("gpt-4", "llama,2", Verdict.Tie), (row.Battle.ModelA, row.Battle.ModelB, row.Battle.Verdict));
        Assert.Equal([new Turn("Hi, \"you\"", "a\n\U0001F600", ""), new Turn(null, "/", "\uFFFD")], row.Battle.Turns);
    }

    [Theory]
    [InlineData("0,0,1", Verdict.Tie)]
    [InlineData("1.0,0.0,0.0", Verdict.A)]
    [InlineData("False,True,False", Verdict.B)]
    public void Labels_may_be_written_as_data_frames_write_them(string label, Verdict verdict) =>
        Assert.Equal(
            verdict, Assert.Single(Read(DataFolder.TrainHeader + DataFolder.Row("1", "[\"p\"]", "[\"a\"]", "[\"b\"]", label))).Verdict);

    [Fact]
    public void Columns_come_in_any_order_and_others_are_skipped()
    {
        var battle = Assert.Single(Read(""""
            ,response_b,winner_tie,prompt,"id",winner_model_b,extra,response_a,winner_model_a
            0,"[""b""]",0,"[""p""]", 007 ,1,"x,""y""","[""a""]",0
            """"));

        Assert.Equal("007", battle.Id);
        Assert.Equal(Verdict.B, battle.Verdict);
        Assert.Null(battle.ModelA);
        Assert.Equal(new Turn("p", "a", "b"), Assert.Single(battle.Turns));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_end_with_any_line_end_and_are_counted(string lineEnd)
    {
        var text = (DataFolder.TrainHeader + "\n" + DataFolder.TrainRow + "\n" + DataFolder.TrainRow.TrimEnd())
            .Replace("\n", lineEnd, StringComparison.Ordinal);

        var rows = BattleReader.Read(_folder.Write(text), DataFolder.Train).ToList();

        Assert.Equal([3, 5], rows.Select(row => row.Line));
        Assert.All(rows, row => Assert.Null(row.Problem));
    }

    [Fact]
    public void Mixed_line_ends_outside_and_inside_of_fields_are_counted()
    {
        var text = DataFolder.TrainHeader + "1,\"x\ry\",\"x\r\ny\",\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,0\r"
            + DataFolder.TrainRow.TrimEnd() + "\r\n" + DataFolder.TrainRow;

        var rows = BattleReader.Read(_folder.Write(text), DataFolder.Train).ToList();

        Assert.Equal([2, 5, 6], rows.Select(row => row.Line));
        Assert.Equal(("x\ry", "x\r\ny"), (rows[0].Battle!.ModelA, rows[0].Battle!.ModelB));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_header() =>
        Assert.Single(Read("\uFEFF" + DataFolder.TrainHeader + DataFolder.TrainRow));

    [Fact]
    public void Gzip_is_recognised_by_content_also_with_several_members()
    {
        byte[] bytes =
        [
            .. DataFolder.Gzip(DataFolder.TrainHeader), .. DataFolder.Gzip(DataFolder.TrainRow), .. DataFolder.Gzip(DataFolder.TrainRow),
        ];

        Assert.Equal(2, BattleReader.Read(_folder.Write(bytes), DataFolder.Train).Count());
    }

    [Fact]
    public void Json_lines_are_recognised_by_content()
    {
        const string Lines = "\n" + """{"id":1,"prompt":"p","response_a":"a","response_b":"b","winner":"tie (bothbad)"}""" + "\r\n\r\n" +
            """{"id":" 2 ","prompt":["p"],"response_a":[null],"response_b":["b"],"soft_label":[0.5,0.25,0.25]}""";

        var rows = BattleReader.Read(_folder.Write(Lines), DataFolder.Train).ToList();

        Assert.Equal([2, 4], rows.Select(row => row.Line));
        Assert.Equal(["1", "2"], rows.Select(row => row.Battle!.Id));
        Assert.Equal(Verdict.BothBad, rows[0].Battle!.Verdict);
    }

    [Theory]
    [InlineData("winner", "\"tie\"")]
    [InlineData("prompt", "\"q\"")]
    [InlineData("response_b", "null")]
    public void A_name_that_an_object_has_twice_is_a_problem_and_a_test_row_keeps_what_comes_first(string name, string value)
    {
        var line =
            $$"""{"id":"x","prompt":"p","response_a":"a","response_b":"b","winner":"model_a","other":1,"other":2,"{{name}}":{{value}}}""";

        var train = Assert.Single(BattleReader.Read(_folder.Write(line), DataFolder.Train));
        var test = Assert.Single(BattleReader.Read(_folder.Write(line), DataFolder.Test));

        Assert.Null(train.Battle);
        Assert.Contains($"has \"{name}\" twice", train.Problem!.Reason, StringComparison.Ordinal);
        Assert.NotNull(test.Problem);
        Assert.Equal(("x", new Turn("p", "a", "b")), (test.Battle!.Id, Assert.Single(test.Battle.Turns)));
    }

    [Fact]
    public void Test_data_needs_no_label_and_nulls_and_blanks_are_data()
    {
        var path = _folder.Write(DataFolder.TestHeader + "a,[null],[null],\"[\"\"\"\"]\"\nb,\"[\"\" \"\"]\",[null],[null]\n");

        var rows = BattleReader.Read(path, DataFolder.Test).ToList();

        Assert.All(rows, row => Assert.Null(row.Problem));
        Assert.Equal(new Turn(null, null, ""), Assert.Single(rows[0].Battle!.Turns));
        Assert.Equal(new Turn(" ", null, null), Assert.Single(rows[1].Battle!.Turns));
    }

    [Fact]
    public void Equal_model_names_share_one_string()
    {
        var battles = Read(DataFolder.TrainHeader + DataFolder.TrainRow + DataFolder.TrainRow);

        Assert.Same(battles[0].ModelA, battles[1].ModelA);
    }

    [Fact]
    public void Progress_ends_at_the_length_of_the_file()
    {
        var reports = new List<JobProgress>();
        var path = _folder.Write(DataFolder.Gzip(DataFolder.TrainHeader + DataFolder.TrainRow));

        _ = BattleReader.Read(path, DataFolder.Train with { Progress = new Collector(reports) }).Count();

        var length = new FileInfo(path).Length;
        Assert.Equal((length, length), (reports[^1].Done, reports[^1].Total));
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var path = _folder.Write(DataFolder.TrainHeader + string.Concat(Enumerable.Repeat(DataFolder.TrainRow, 1000)));

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in BattleReader.Read(path, DataFolder.Train with { BlockBytes = 64 }, source.Token))
                source.Cancel();
        });
    }

    [Fact]
    public void The_enumeration_may_be_left_early()
    {
        var path = _folder.Write(
            Encoding.UTF8.GetBytes(DataFolder.TrainHeader + string.Concat(Enumerable.Repeat(DataFolder.TrainRow, 1000))));

        Assert.Equal(3, BattleReader.Read(path, DataFolder.Train with { BlockBytes = 64 }).Take(3).Count());
        File.Delete(path);
    }

    private List<Battle> Read(string csv) => [.. BattleReader.Read(_folder.Write(csv), DataFolder.Train).Select(row => row.Battle!)];

    private sealed class Collector(List<JobProgress> reports) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => reports.Add(value);
    }
}
