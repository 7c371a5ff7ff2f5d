using Tiebreak.Core;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Submissions;

public sealed class SubmissionCheckTests : IDisposable
{
    private const string Header = "id,winner_model_a,winner_model_b,winner_tie\n";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_competitions_sample_passes()
    {
        var report = SubmissionFile.Check(
            Repository.Shared("real", "kaggle", "sample_submission.csv"), Repository.Shared("real", "kaggle", "test.csv"));

        Assert.True(report.IsValid);
        Assert.Equal(SubmissionProblemKind.IdenticalRows, Assert.Single(report.Problems).Kind);
    }

    [Fact]
    public void A_right_submission_in_any_order_has_no_problem()
    {
        var report = Check(Header + "2,0.2,0.3,0.5\n1,0.5,0.25,0.25\n");

        Assert.Equal((2, 2), (report.Rows, report.TestRows));
        Assert.Empty(report.Problems);
    }

    [Theory]
    [InlineData("1,0.5,0.25,0.25", "RowCount: the file has 1 row, the test data 2", "MissingId: 1 id of the test data has no row: 2")]
    [InlineData(
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n3,0.2,0.3,0.5",
        "RowCount: the file has 3 rows, the test data 2",
        "UnknownId: line 4: the test data has no id 3")]
    [InlineData(
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n1,0.2,0.3,0.5",
        "RowCount: the file has 3 rows, the test data 2",
        "DuplicateId: line 4: the id 1 stands already on line 2")]
    [InlineData(
        "1,0.5,0.25,0.25\n2.0,0.2,0.3,0.5",
        "UnknownId: line 3: the id 2.0 is written as a decimal number; the test data has 2",
        "MissingId: 1 id of the test data has no row: 2")]
    [InlineData("1,0.5,0.25,0.25\n,0.2,0.3,0.5", "UnknownId: line 3: the row has no id", "MissingId: 1 id of the test data has no row: 2")]
    [InlineData(
        "1,0.5,0.25,0.25\n2,,nan,x",
        "NotANumber: line 3: winner_model_a is empty",
        "NotANumber: line 3: winner_model_b is \"nan\", which is no number",
        "NotANumber: line 3: winner_tie is \"x\", which is no number")]
    [InlineData(
        "1,0.5,0.25,0.25\n2,-0.1,1.1,0",
        "OutOfRange: line 3: winner_model_a is -0.1, which is below 0",
        "OutOfRange: line 3: winner_model_b is 1.1, which is above 1")]
    [InlineData("1,0.5,0.25,0.25\n2,0,0,0", "OutOfRange: line 3: all three probabilities are 0", "ZeroProbability: 1 row gives")]
    [InlineData("1,0.5,0.25,0.25\n2,0.5,0.25,0.3", "Sum: line 3: the probabilities sum to 1.05; the metric rescales them to 1")]
    [InlineData("1,0.5,0.25,0.25\n2,0,0.5,0.5", "ZeroProbability: 1 row gives an outcome the probability 0")]
    [InlineData("1,0.5,0.25,0.25\n2,0.5,0.25,0.25", "IdenticalRows: all rows hold the same probabilities")]
    [InlineData("1,0.5,0.25,0.25\n2,0.2,0.3", "FieldCount: line 3: the row has 3 fields where the header has 4")]
    [InlineData("1,0.5,0.25,0.25\n2,0.2,0.3,0.2,0.3", "FieldCount: line 3: the row has 5 fields where the header has 4")]
    public void Every_problem_of_the_rows_is_found(string rows, params string[] expected) => Matches(Check(Header + rows + "\n"), expected);

    [Theory]
    [InlineData(
        ",id,winner_model_a,winner_model_b,winner_tie\n0,1,0.5,0.25,0.25\n1,2,0.2,0.3,0.5\n",
        "IndexColumn: line 1: the column \"\" is a data frame's index")]
    [InlineData(
        "Unnamed: 0,id,winner_model_a,winner_model_b,winner_tie\n0,1,0.5,0.25,0.25\n1,2,0.2,0.3,0.5\n",
        "IndexColumn: line 1: the column \"Unnamed: 0\"")]
    [InlineData(
        "id,winner_model_a,winner_model_b,winner_tie,note\n1,0.5,0.25,0.25,x\n2,0.2,0.3,0.5,x\n",
        "Header: line 1: the column \"note\" does not belong")]
    [InlineData(
        "id,winner_tie,winner_model_a,winner_model_b\n1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "Header: line 1: the header is id,winner_tie,winner_model_a,winner_model_b but must be")]
    [InlineData("ID,winner_model_a,winner_model_b,winner_tie\n1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "Header: line 1: the header is ID,")]
    [InlineData(
        "id,a,b,tie\n1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "Header: line 1: the column \"a\"", "Header: line 1: the column \"b\"",
        "Header: line 1: the column \"tie\"", "Header: line 1: the column winner_model_a is missing",
        "Header: line 1: the column winner_model_b is missing", "Header: line 1: the column winner_tie is missing")]
    [InlineData(
        "id, winner_model_a, winner_model_b, winner_tie\n1, 0.5, 0.25, 0.25\n2, 0.2, 0.3, 0.5\n",
        "Header: line 1: the column name \" winner_model_a\" has a blank beside it")]
    [InlineData(
        "\uFEFFid;winner_model_a;winner_model_b;winner_tie\n1;0,5;0,25;0,25\n2;0,2;0,3;0,5\n",
        "Notation: the file has semicolons between the columns and decimal commas (0,5)")]
    [InlineData(
        "id\twinner_model_a\twinner_model_b\twinner_tie\n1\t50%\t25%\t25%\n2\t20%\t30%\t50%\n",
        "Notation: the file has tabs between the columns and percent signs (50%)")]
    [InlineData(Header + "1,-1.2,0.3,2.5\n2,1.9,-0.4,0.1\n", "NotProbabilities: the numbers look like logits")]
    [InlineData(Header + "1,50,25,25\n2,20,30,50\n", "NotProbabilities: the numbers are percentages that sum to 100")]
    public void Every_problem_of_the_header_is_found(string content, params string[] expected) => Matches(Check(content), expected);

    [Theory]
    [InlineData("1,model_a\n2,model_b\n")]
    [InlineData("1,model_a\n2,tie\n", "Winner: line 3: the winner is \"tie\" and must be model_a or model_b")]
    [InlineData(
        "1,model_a\n3,model_b\n", "UnknownId: line 3: the test data has no id 3", "MissingId: 1 id of the test data has no row: 2")]
    public void Winners_are_checked_too(string rows, params string[] expected)
    {
        var report = Check("id,winner\n" + rows);
        Assert.True(report.HoldsWinners);
        Matches(report, expected);
    }

    [Fact]
    public void Many_problems_of_one_kind_are_one()
    {
        var ids = Enumerable.Range(1, 1300).Select(id => $"{id}").ToList();
        var report = Check(Header + string.Concat(ids.Select(id => $"x{id},0.5,x,0.25\n")), ids);

        Matches(
            report,
            [
                "UnknownId: 1,300 rows have an id that the test data does not have: x1 (line 2), x2 (line 3), x3 (line 4), "
                    + "x4 (line 5), x5 (line 6) and others",
                "MissingId: 1,300 ids of the test data have no row: 1, 2, 3, 4, 5 and others",
                "NotANumber: 1,300 cells hold no number: winner_model_b \"x\" (line 2), ",
            ]);
        Assert.Equal([1300, 1, 1300], report.Problems.Select(problem => problem.Count));
    }

    [Fact]
    public void One_outcome_for_all_rows_is_a_warning()
    {
        var ids = Enumerable.Range(1, 20).ToList();
        var report = Check(Header + string.Concat(ids.Select(id => $"{id},0.{60 + id},0.{40 - id},0\n")), ids.Select(id => $"{id}"));

        Assert.Equal(
            [SubmissionProblemKind.ZeroProbability, SubmissionProblemKind.SingleClass], report.Problems.Select(problem => problem.Kind));
        Assert.True(report.IsValid);
    }

    [Fact]
    public void A_file_that_is_no_csv_is_refused() =>
        Assert.Contains(
            "never closed", Assert.Throws<InputException>(() => Check(Header + "1,\"0.5,0.25,0.25\n")).Message, StringComparison.Ordinal);

    private static void Matches(SubmissionReport report, string[] expected)
    {
        var found = report.Problems.Select(problem => $"{problem.Kind}: {problem}").ToList();
        Assert.Equal(expected.Length, found.Count);
        Assert.All(found.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.Equal(report.Problems.All(problem => problem.IsWarning), report.IsValid);
    }

    private SubmissionReport Check(string content, IEnumerable<string>? ids = null)
    {
        var test = _folder.Write(System.Text.Encoding.UTF8.GetBytes(
            DataFolder.TestHeader + string.Concat((ids ?? ["1", "2"]).Select(id => $"{id},[null],[null],[null]\n"))), "test.csv");
        return SubmissionFile.Check(_folder.Write(content), test);
    }
}
