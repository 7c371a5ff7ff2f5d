using System.Text;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Tests;

/// <summary>
/// Rows that are not as they should be: kept out of training data with a reason, kept in test data with what could be read.
/// </summary>
public sealed class BadRowTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",0,0,0", "has no winner columns that are 1")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,1", "has 2 winner columns that are 1")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,yes", "has the unknown winner_tie \"yes\"")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,,0", "has a label of which a part is empty")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",,,", "has no label, which training needs")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0", "has 8 fields where the header has 9")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,0,9", "has 10 fields where the header has 9")]
    [InlineData(
        "7,x,y,hello,\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,0",
        "has a prompt that is not a JSON list of texts ('h' is an invalid start of a value)")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",,\"[\"\"b\"\"]\",1,0,0", "has a response_a that is not a JSON list of texts (it is empty)")]
    [InlineData(
        "7,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",[1],1,0,0",
        "has a response_b that is not a JSON list of texts (expected a string or null, found Number)")]
    [InlineData("7,x,y,\"[\"\"p\"\"]\",[[[[]]]],\"[\"\"b\"\"]\",1,0,0", "found StartArray")]
    [InlineData("7,x,y,\"[\"\"p\"\",\"\"q\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,0,0", "has 2 prompts, 1 responses of A and 1 of B")]
    [InlineData("7,x,y,[],[],[],1,0,0", "has no turn")]
    public void A_bad_training_row_is_reported_and_kept_out(string row, string reason)
    {
        var rows = BattleReader.Read(
            _folder.Write(DataFolder.TrainHeader + DataFolder.TrainRow + row + "\n" + DataFolder.TrainRow), DataFolder.Train).ToList();

        Assert.Equal(3, rows.Count);
        Assert.Null(rows[1].Battle);
        Assert.Equal((3, "7"), (rows[1].Problem!.Line, rows[1].Problem!.Id));
        Assert.StartsWith(
            reason.Split(" (")[0],
            rows[1].Problem!.Reason[(rows[1].Problem!.Reason.IndexOf(reason[..5], StringComparison.Ordinal))..],
            StringComparison.Ordinal);
        Assert.Contains(reason, rows[1].Problem!.ToString(), StringComparison.Ordinal);
        Assert.Null(rows[2].Problem);
    }

    [Theory]
    [InlineData("7,hello,[null],[null]", "hello", null, null)]
    [InlineData("7,\"[\"\"p\",[null],", "[\"p", null, null)]
    [InlineData("7,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\"", "p", "a", null)]
    [InlineData("7,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",more", "p", "a", "b")]
    public void A_bad_test_row_is_reported_and_kept(string row, string? prompt, string? a, string? b)
    {
        var read = Assert.Single(BattleReader.Read(_folder.Write(DataFolder.TestHeader + row), DataFolder.Test));

        Assert.NotNull(read.Problem);
        Assert.Equal("7", read.Battle!.Id);
        Assert.Equal(new Turn(prompt, a, b), Assert.Single(read.Battle.Turns));
    }

    [Fact]
    public void Different_numbers_of_turns_are_filled_up_in_test_data()
    {
        var row = Assert.Single(BattleReader.Read(
            _folder.Write(DataFolder.TestHeader + "7,[],\"[\"\"a\"\",\"\"c\"\"]\",\"[\"\"b\"\"]\"\n"), DataFolder.Test));

        Assert.Equal([new Turn(null, "a", "b"), new Turn(null, "c", null)], row.Battle!.Turns);
        Assert.Contains("has 0 prompts, 2 responses of A and 1 of B", row.Problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_id_has_no_battle()
    {
        var path = _folder.Write(DataFolder.TestHeader + " ,\"[\"\"p\"\"]\",[null],[null]\n");

        var row = Assert.Single(BattleReader.Read(path, DataFolder.Test));

        Assert.Null(row.Battle);
        Assert.Equal($"{path}, line 2: the row has no id.", row.Problem!.ToString());
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_problem_of_their_row()
    {
        var text = DataFolder.TrainHeader + DataFolder.TrainRow + DataFolder.Row("7", "[\"caf\u00e9\"]", "[\"a\"]", "[\"b\"]")
            + DataFolder.TrainRow;
        var path = _folder.Write(Encoding.Latin1.GetBytes(text));

        var train = BattleReader.Read(path, DataFolder.Train).ToList();
        var test = BattleReader.Read(path, DataFolder.Test).ToList();

        Assert.Equal([null, "is not valid UTF-8", null], train.Select(row => row.Problem?.Reason));
        Assert.Null(train[1].Battle);
        Assert.Equal("caf\uFFFD", test[1].Battle!.Turns[0].Prompt);
        Assert.NotNull(test[1].Problem);
    }

    [Theory]
    [InlineData(
        """{"id":"7","prompt":"p","response_a":"a","response_b":"b","winner":"perhaps"}""", "has the unknown winner \"perhaps\"", "p", "a", "b")]
    [InlineData("""{"id":"7","prompt":"p","response_a":"a","response_b":"b","winner""", "is not valid JSON", "p", "a", "b")]
    [InlineData(
        """{"id":"7","prompt":"p","response_a":[1,{"x":[2]}],"response_b":[["b"]]}""", "expected a string or null", "p", null, null)]
    [InlineData("""{"id":7,"prompt":["p"],"response_b":["b"]}""", "has no \"response_a\"", "p", null, "b")]
    public void A_bad_line_of_json_is_kept_out_of_training_and_kept_in_a_test(
        string line, string reason, string? prompt, string? a, string? b)
    {
        var path = _folder.Write(line);

        var train = Assert.Single(BattleReader.Read(path, DataFolder.Train));
        var test = Assert.Single(BattleReader.Read(path, DataFolder.Test));

        Assert.Null(train.Battle);
        Assert.Contains(reason, train.Problem!.Reason, StringComparison.Ordinal);
        Assert.Equal(train.Problem, test.Problem);
        Assert.Equal("7", test.Battle!.Id);
        Assert.Equal(new Turn(prompt, a, b), test.Battle.Turns[0]);
    }

    [Fact]
    public void A_line_of_json_without_label_is_a_problem_of_training_only()
    {
        var path = _folder.Write("""{"id":"7","prompt":"p","response_a":"a","response_b":"b"}""");

        Assert.Equal("has no label, which training needs", Assert.Single(BattleReader.Read(path, DataFolder.Train)).Problem!.Reason);
        Assert.Null(Assert.Single(BattleReader.Read(path, DataFolder.Test)).Problem);
    }

    [Fact]
    public void Deeply_nested_json_is_a_problem_and_no_crash()
    {
        var bomb = new string('[', 100_000);
        var csv = _folder.Write(DataFolder.TestHeader + $"7,{bomb},[null],[null]\n");

        Assert.NotNull(Assert.Single(BattleReader.Read(csv, DataFolder.Test)).Problem);
        Assert.NotNull(Assert.Single(BattleReader.Read(_folder.Write($"{{\"id\":7,\"x\":{bomb}"), DataFolder.Test)).Problem);
    }
}
