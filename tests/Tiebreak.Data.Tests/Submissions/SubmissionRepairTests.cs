using System.Globalization;
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
        Header + "1,0.5,0.25,0.25\n2,0.5,0.25\n",
        "1,0.5,0.25,0.25\n2,0.5,0.25,0.25\n",
        "replaced rows without valid probabilities by the mean of the valid rows: 1 (2)")]
    [InlineData(
        Header + "1,50,25,25\n2,20,30,50\n", "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n", "divided percentages by 100: 2 (1, 2)")]
    [InlineData(
        Header + "1,50%,25%,25 %\n2,20%,30%,50%\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "replaced the notation: 1 (percent signs (50%))")]
    [InlineData(
        "id;winner_model_a;winner_model_b;winner_tie\n1;0,5;0,25;0,25\n2;0,2;0,3;0,5\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "replaced the notation: 2 (semicolons between the columns, decimal commas (0,5))")]
    [InlineData(
        "id, winner_model_a , winner_model_b,winner_tie\n1, 0.5,0.25, 0.25\n2,0.2,0.3,0.5\n",
        "1,0.5,0.25,0.25\n2,0.2,0.3,0.5\n",
        "restored the names and order of the columns: 1 (id, winner_model_a , winner_model_b,winner_tie)")]
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

    [Theory]
    [InlineData("1,-1.2,0.3,2.5\n2,1.9,-0.4,0.1\n", SubmissionScale.Softmax, "look like logits", "`scale` softmax")]
    [InlineData("1,-0.7,-1.4,-1.4\n2,-1.6,-1.2,-0.7\n", SubmissionScale.Softmax, "logarithms of probabilities", "`scale` softmax")]
    [InlineData("1,4,2,2\n2,2,3,5\n", SubmissionScale.Division, "look like counts or weights", "`scale` division")]
    public void Numbers_that_are_no_probabilities_need_a_scale(string rows, SubmissionScale scale, string look, string advice)
    {
        var submission = _folder.Write(Header + rows);
        var refused = Assert.Throws<InputException>(() => Repair(submission, ["1", "2"]));
        Assert.Contains(look, refused.Message, StringComparison.Ordinal);
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        Assert.Equal(["scale"], refused.Parameters);
        Assert.False(File.Exists(_folder["out.csv"]));

        SubmissionFile.Repair(submission, _folder["test.csv"], _folder["out.csv"], scale);
        var numbers = rows.Split('\n')[0].Split(',').Skip(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        var weights = scale is SubmissionScale.Softmax ? Array.ConvertAll(numbers, Math.Exp) : numbers;
        Assert.Equal(weights[0] / weights.Sum(), SubmissionFile.Read(_folder["out.csv"])[0].Preference.A, 12);
    }

    [Theory]
    [InlineData("1,0.5,0.25\n2,nan,1,1\n", "0 of the 2 rows")]
    [InlineData("7,0.5,0.25,0.25\n8,0.5,0.25,0.25\n", "0 of the 2 rows")]
    [InlineData("", "0 of the 2 rows")]
    public void What_would_be_mostly_invented_is_refused(string rows, string said) =>
        Assert.Contains(
            said, Assert.Throws<InputException>(() => Repair(_folder.Write(Header + rows), ["1", "2"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("id,winner\n2,model_b\n1,model_a\n", "id,winner\n1,model_a\n2,model_b\n3,model_a\n")]
    [InlineData("id,winner\n1.0,A\n3,Left\n9,A\n2,tie\n", "id,winner\n1,model_a\n2,model_a\n3,model_a\n")]
    public void Winners_are_repaired_as_winners(string content, string expected)
    {
        Repair(_folder.Write(content), ["1", "2", "3"]);

        Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
        Assert.True(SubmissionFile.Check(_folder["out.csv"], _folder["test.csv"]).IsValid);
    }

    [Fact]
    public void Probabilities_become_winners_where_that_is_asked_for()
    {
        Repair(_folder.Write(Header + "1,0.3,0.2,0.5\n2,0.1,0.2,0.7\n"), ["1", "2"]);
        SubmissionFile.Repair(_folder["out.csv"], _folder["test.csv"], _folder["winners.csv"], asWinners: true);

        Assert.Equal("id,winner\n1,model_a\n2,model_b\n", File.ReadAllText(_folder["winners.csv"]));
        Assert.Contains(
            "winner_model_a", Assert.Throws<InputException>(() => SubmissionFile.Read(_folder["winners.csv"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_repaired_submission_always_passes_the_check()
    {
        var cell = Gen.Frequency(
            (1, Gen.OneOf("", "nan", "0", "1", "-1", "1e308", "inf", "1e-300", "0.5", "x")),
            (6, Gen.Double[0, 1].Select(value => $"{value:R}")));
        var id = Gen.Frequency((6, Gen.OneOf("1", "2", "2.0", "3", "\"a,b\"")), (1, Gen.OneOf("", "9", "1.5")));
        var row = Gen.Select(id, cell.Array[2, 4]).Select((id, cells) => $"{id},{string.Join(',', cells)}\n");

        var repaired = 0;
        row.Array[0, 12].Sample(
            rows =>
            {
                File.Delete(_folder["out.csv"]);
                try
                {
                    Repair(_folder.Write(Header + string.Concat(rows)), ["1", "2", "3", "a,b"]);
                }
                catch (InputException) // most of it would be invented
                {
                    Assert.False(File.Exists(_folder["out.csv"]));
                    return;
                }

                repaired++;
                var report = SubmissionFile.Check(_folder["out.csv"], _folder["test.csv"]);
                Assert.True(report.IsValid, string.Join('\n', report.Problems));
                Assert.DoesNotContain(
                    report.Problems, problem => problem.Kind is SubmissionProblemKind.Sum or SubmissionProblemKind.ZeroProbability);
                Assert.All(SubmissionFile.Read(_folder["out.csv"]), row => Assert.True(row.Preference.IsValid));
            },
            time: 1,
            threads: 1);
        Assert.InRange(repaired, 10, int.MaxValue);
    }

    private RepairReport Repair(string submission, string[] ids)
    {
        var test = DataFolder.TestHeader + string.Concat(ids.Select(id => $"\"{id}\",[null],[null],[null]\n"));
        _folder.Write(System.Text.Encoding.UTF8.GetBytes(test), "test.csv");
        return SubmissionFile.Repair(submission, _folder["test.csv"], _folder["out.csv"]);
    }
}
