using System.Security.Cryptography;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Data.Tests;

public sealed class BattleSetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_read_one_after_the_other_and_fingerprinted()
    {
        var csv = _folder.Write(DataFolder.TrainHeader + DataFolder.TrainRow);
        var gz = _folder.Write(
            DataFolder.Gzip("""{"id":2,"prompt":"p","response_a":"a","response_b":"b","winner":"tie"}"""), "more.jsonl.gz");

        var set = BattleSet.Load([csv, gz], DataFolder.Train);

        Assert.Equal(["1", "2"], set.Battles.Select(battle => battle.Id));
        Assert.Empty(set.Problems);
        Assert.Equal(
            [new DataFingerprint("file.csv", 1, Hash(csv)), new DataFingerprint("more.jsonl.gz", 1, Hash(gz))],
            set.Files);
    }

    [Fact]
    public void The_second_training_row_of_an_id_is_reported_and_kept_out()
    {
        var first = _folder.Write(DataFolder.TrainHeader + DataFolder.TrainRow + DataFolder.TrainRow);
        var second = _folder.Write(File.ReadAllBytes(first), "second.csv");

        var set = BattleSet.Load([first, second], DataFolder.Train);

        Assert.Single(set.Battles);
        Assert.Equal(
            [
                $"{first}, line 3: the row with id 1 has the id of line 2.",
                $"{second}, line 2: the row with id 1 has the id of {first}, line 2.",
                $"{second}, line 3: the row with id 1 has the id of {first}, line 2.",
            ],
            set.Problems.Select(problem => problem.ToString()));
        Assert.Equal([2, 2], set.Files.Select(file => file.Rows));
    }

    [Theory]
    [InlineData("1,[null],[null],[null]\n2,[null],[null],[null]\n1,[null],[null],[null]\n", "line 4: the id 1 stands already on line 2")]
    [InlineData("1,[null],[null],[null]\n,[null],[null],[null]\n", "line 3: the row has no id")]
    public void Test_data_from_which_no_submission_can_be_made_is_refused(string rows, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<InputException>(() => BattleSet.Load([_folder.Write(DataFolder.TestHeader + rows)], DataFolder.Test)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void No_usable_row_is_an_error_that_names_the_first_problem() =>
        Assert.Contains("The only row cannot be used. ", Assert.Throws<InputException>(() =>
            BattleSet.Load([_folder.Write(DataFolder.TrainHeader + "1,x,y,[],[],[],1,0,0\n")], DataFolder.Train)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Bad_test_rows_stay_with_a_problem()
    {
        var set = BattleSet.Load([_folder.Write(DataFolder.TestHeader + "1,[null],[null],[null]\n2,[],[],[]\n")], DataFolder.Test);

        Assert.Equal(["1", "2"], set.Battles.Select(battle => battle.Id));
        Assert.Single(set.Problems);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
