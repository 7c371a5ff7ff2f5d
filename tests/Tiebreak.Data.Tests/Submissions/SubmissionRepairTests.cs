using CsCheck;
using Tiebreak.Core;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Data.Tests.Submissions;

public sealed class SubmissionRepairTests : IDisposable
{
    private const string Header = "id,winner_model_a,winner_model_b,winner_tie\n";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Header + "2,0.2,0.3,0.5\n1,0.5,0.25,0.25\n", "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n")]
    [InlineData(
        ",winner_tie,ID,winner_model_a,winner_model_b\n0,0.25,1,0.5,0.25\n1,0.5,2,0.2,0.3\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "dropped the index column: 1 (\"\")",
        "restored the names and order of the columns: 1 (,winner_tie,ID,winner_model_a,winner_model_b)")]
    [InlineData(
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "added the missing header: 1 (id,winner_model_a,winner_model_b,winner_tie)")]
    [InlineData(
        Header + "1.0,0.5,0.25,0.25\n2.00,0.2,0.3,0.5\n", "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "wrote ids without decimals: 2 (1, 2)")]
    [InlineData(
        Header + "1,0.5,0.25,0.25\n3,0.2,0.3,0.5\n",
        "1,0.5,0.25,0.25\n2,0.5,0.25,0.25\n",
        "dropped rows whose id the test data does not have: 1 (3)",
        "added missing ids with the mean of the valid rows: 1 (2)")]
    [InlineData(
        Header + "1,0.5,0.25,0.25\n2,nan,0.3,0.5\n",
        "1,0.5,0.25,0.25\n2,0.5,0.25,0.25\n",
        "replaced rows without valid probabilities by the mean of the valid rows: 1 (2)")]
    [InlineData(
        Header + "1,0.5,0.25\n2,-1,1,1\n",
        "1,0.3333333333333333,0.3333333333333333,0.3333333333333333\n2,0.3333333333333333,0.3333333333333333,0.3333333333333333\n",
        "replaced rows without valid probabilities by one third each: 2 (1, 2)")]
    [InlineData(Header + "1,2,1,1\n2,0.2,0.3,0.5\n", "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "rescaled probabilities to sum 1: 1 (1)")]
    [InlineData(
        Header + "1,1,0,0\n2,0.2,0.3,0.5\n",
        "1,0.9999980000040002,9.99998000004E-07,9.99998000004E-07\n2,0.2,0.3,0.5\n",
        "raised probabilities below 1E-06 to it: 1 (1)")]
    [InlineData(
        Header + "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n1,0.5,0.25,0.25\n", "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "dropped repeated rows: 1 (1)")]
    [InlineData(
        Header + "1,0.75,0.25,0\n2,0.2,0.3,0.5\n1,0.25,0.25,0.5\n1,x,,\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "averaged conflicting rows of the same id: 1 (1)")]
    public void Every_repair_is_made_and_listed(string content, string rows, params string[] changes)
    {
        var report = Repair(_folder.Write(content), ["1", "2"]);

        Assert.Equal(Header + rows, File.ReadAllText(_folder["out.csv"]));
        Assert.Equal(changes, report.Changes.Select(change => change.ToString()));
        Assert.Equal(2, report.Rows);
    }

    [Fact]
    public void A_needed_column_that_is_missing_cannot_be_repaired() =>
        Assert.Contains("cannot be repaired: it has no column winner_tie", Assert.Throws<InputException>(() =>
            Repair(_folder.Write("id,winner_model_a,winner_model_b\n1,0.5,0.5\n"), ["1"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_repaired_submission_always_passes_the_check()
    {
        var cell = Gen.OneOf(
            Gen.OneOf("", "nan", "0", "1", "-1", "1e308", "inf", "1e-300", "0.5", "x"), Gen.Double[0, 1].Select(value => $"{value:R}"));
        var id = Gen.OneOf("1", "2", "2.0", "3", "\"a,b\"", "", "9", "1.5");
        var row = Gen.Select(id, cell.Array[2, 4]).Select((id, cells) => $"{id},{string.Join(',', cells)}\n");

        row.Array[0, 8].Sample(
            rows =>
            {
                Repair(_folder.Write(Header + string.Concat(rows)), ["1", "2", "3", "a,b"]);
                var report = SubmissionFile.Check(_folder["out.csv"], _folder["test.csv"]);
                Assert.True(report.IsValid, string.Join('\n', report.Problems));
                Assert.DoesNotContain(
                    report.Problems, problem => problem.Kind is SubmissionProblemKind.Sum or SubmissionProblemKind.ZeroProbability);
                Assert.All(SubmissionFile.Read(_folder["out.csv"]), row => Assert.True(row.Preference.IsValid));
            },
            time: 1,
            threads: 1);
    }

    private RepairReport Repair(string submission, string[] ids)
    {
        var test = DataFolder.TestHeader + string.Concat(ids.Select(id => $"\"{id}\",[null],[null],[null]\n"));
        _folder.Write(System.Text.Encoding.UTF8.GetBytes(test), "test.csv");
        return SubmissionFile.Repair(submission, _folder["test.csv"], _folder["out.csv"]);
    }
}
