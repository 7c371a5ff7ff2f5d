using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Votes;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Votes;

public sealed class VoteReaderTests : IDisposable
{
    private const string Csv = "model_a,model_b,winner,judge,tstamp,language,turn,weight\nm1,\"m,2\",model_a,j1,1682351591,English,1,2.5\n"
        + "\"m,2\",m1,tie (bothbad),,,,,\n";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv_becomes_columns()
    {
        var table = VoteReader.Read(_folder.Write(Csv));

        Assert.Equal(["m1", "m,2"], table.Models);
        Assert.Equal([new Vote("m1", "m,2", Verdict.A, 2.5), new Vote("m,2", "m1", Verdict.BothBad)], table.Votes());
        Assert.Equal(["j1", ""], table.Judges!);
        Assert.Equal(["English", ""], table.Languages!);
        Assert.Equal([1, 0], table.Turns!);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1682351591), table.Timestamps![0]);
        Assert.Empty(table.Problems);
    }

    [Theory]
    [InlineData("{0}\n{1}\n")]
    [InlineData("[{0},\n{1}]")]
    public void Json_becomes_the_same_columns(string layout)
    {
        var content = layout
            .Replace(
                "{0}",
                """{"question_id":1,"model_a":"m1","model_b":"m,2","winner":"model_a","judge":"j1","tstamp":1682351591,"language":"English","turn":1,"weight":2.5,"x":{"y":[]}}""",
                StringComparison.Ordinal)
            .Replace("{1}", """{"model_a":"m,\u0032","model_b":"m1","winner":"tie (bothbad)","judge":null}""", StringComparison.Ordinal);

        var (csv, json) = (VoteReader.Read(_folder.Write(Csv)), VoteReader.Read(_folder.Write(content)));

        Assert.Equal(csv.Votes(), json.Votes());
        Assert.Equal(csv.Judges!, json.Judges!);
        Assert.Equal(csv.Timestamps!, json.Timestamps!);
    }

    [Theory]
    [InlineData("model_a,model_b,winner,category,longer\nx,y,tie,\"a,b\",1.5\ny,x,tie,,2\nx,x,tie,c,3\n")]
    [InlineData("{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\",\"category\":\"a,b\",\"longer\":1.5}\n"
        + "{\"model_a\":\"y\",\"model_b\":\"x\",\"winner\":\"tie\",\"longer\":2}\n"
        + "{\"model_a\":\"x\",\"model_b\":\"x\",\"winner\":\"tie\"}\n")]
    public void Further_columns_are_kept_where_asked_for_and_rows_that_are_left_out_have_none(string content)
    {
        var table = VoteReader.Read(_folder.Write(content), columns: ["category", "longer"]);
        Assert.Equal(["a,b", ""], table.Columns["category"]);
        Assert.Equal(["1.5", "2"], table.Columns["longer"]);
        Assert.Equal("sets x against itself", Assert.Single(table.Problems).Reason);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named() =>
        Assert.Contains(
            "nonsense",
            Assert.Throws<InputException>(() => VoteReader.Read(_folder.Write(Csv), columns: ["nonsense"])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(Csv, true)]
    [InlineData("{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\"}", true)]
    [InlineData("[{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\"}]", true)]
    [InlineData("id,prompt,response_a\n1,2,3\n", false)]
    [InlineData("{\"prompt\":\"x\"}", false)]
    [InlineData("{broken", false)]
    public void Files_of_votes_are_recognised(string content, bool canRead) =>
        Assert.Equal(canRead, VoteReader.CanRead(_folder.Write(content)));

    [Fact]
    public void What_is_no_vote_is_listed_with_its_line_and_never_a_tie()
    {
        var table = VoteReader.Read(_folder.Write(
            "model_a,model_b,winner,weight\nx,y,tie,1\nx,y,perhaps,1\nx,y,,1\n,y,tie,1\nx,y,tie,-1\nx,y,tie\nx,y,model_b,\n"));

        Assert.Equal([Verdict.Tie, Verdict.B], table.Verdicts);
        Assert.Equal(
            [
                (3L, "has the unknown winner \"perhaps\"; known are model_a, model_b, tie, tie (bothbad) and their usual spellings"),
                (4L, "has no winner"),
                (5L, "has no model_a"),
                (6L, "has the weight \"-1\", which is no number from 0 on"),
                (7L, "has 3 fields where the header has 4"),
            ],
            table.Problems.Select(problem => (problem.Line, problem.Reason)));
    }

    [Theory]
    [InlineData("model_a,winner\nx,tie\n", "has no layout of votes that Tiebreak knows; its columns are \"model_a\", \"winner\". Say which of them are which: "
        + "`columns` model_a=model_a,model_b=NAME,winner=winner")]
    [InlineData("{\"model_a\":\"x\",\"winner\":\"tie\"}", "its keys are \"model_a\", \"winner\"")]
    [InlineData("{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"tie\",\"winner\":\"model_a\"}", "line 1: the row has \"winner\" twice")]
    [InlineData("model_a,model_b,winner\n", "has no rows, only column names")]
    [InlineData("model_a,model_b,winner\nx,y,perhaps\n", "words for winners that are not known: \"perhaps\" in 1 of 1 rows")]
    [InlineData("model_a,model_b,winner\nx,y,\"tie\n", "is never closed")]
    public void What_is_no_file_of_votes_is_named(string content, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<InputException>(() => VoteReader.Read(_folder.Write(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Neither_threads_nor_blocks_change_the_table()
    {
        var path = _folder.Write("model_a,model_b,winner,judge\n" + string
            .Concat(Enumerable.Range(0, 300).Select(i => $"m{i % 7},m{(i + 1) % 5},{(i % 3 == 0 ? "tie" : "model_b")},j{i % 11}\n")));
        var expected = VoteReader.Read(path, new BattleReadOptions { Threads = 1 });
        foreach (var blockBytes in new[] { 1, 10, 100, 1000 })
        {
            var table = VoteReader.Read(path, new BattleReadOptions { Threads = 3, BlockBytes = blockBytes });
            Assert.Equal(expected.Models, table.Models);
            Assert.Equal(expected.Votes(), table.Votes());
            Assert.Equal(expected.Judges!, table.Judges!);
        }
    }

    [Theory]
    [InlineData("llmfao_crowd.csv", 8931)]
    [InlineData("mtbench_human.csv", 1751)]
    [InlineData("qlora_vicuna80_human.csv", 7040)]
    public void Real_votes_are_read_without_loss(string name, int count)
    {
        var table = VoteReader.Read(Repository.Shared("real", "votes", name));

        Assert.Equal(count, table.Count);
        Assert.Empty(table.Problems);
    }
}
