using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Hosting.Recording;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Recording;

public sealed class BattleRecordTests
{
    [Fact]
    public void Each_id_stands_once_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        using (var record = BattleRecord.Open(folder["record.jsonl"]))
        {
            record.Add([ScriptedJudge.Battle("1"), ScriptedJudge.Battle("2"), ScriptedJudge.Battle("1")]);
            record.Add([ScriptedJudge.Battle("2")]);
        }

        using (var record = BattleRecord.Open(folder["record.jsonl"]))
            record.Add([ScriptedJudge.Battle("1"), ScriptedJudge.Battle("3")]);

        Assert.Equal(["1", "2", "3"], Ids(folder["record.jsonl"]));
    }

    [Fact]
    public void A_line_that_was_cut_off_is_removed()
    {
        using var folder = new TemporaryFolder();
        using (var record = BattleRecord.Open(folder["record.jsonl"]))
            record.Add([ScriptedJudge.Battle("1", "\u00e4\u00f6"), ScriptedJudge.Battle("2")]);
        var bytes = File.ReadAllBytes(folder["record.jsonl"]);
        File.WriteAllBytes(folder["record.jsonl"], bytes[..^5]);

        using (var record = BattleRecord.Open(folder["record.jsonl"]))
            record.Add([ScriptedJudge.Battle("2"), ScriptedJudge.Battle("1")]);
        Assert.Equal(bytes, File.ReadAllBytes(folder["record.jsonl"]));
    }

    [Fact]
    public void Full_files_are_put_away_and_the_oldest_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        var path = folder["record.jsonl"];
        using (var record = BattleRecord.Open(path, mostBytes: 150, files: 3))
        {
            // Two fit into a file.
            for (var i = 0; i < 9; i++)
                record.Add([ScriptedJudge.Battle($"{i}")]);
        }

        Assert.Equal([["8"], ["6", "7"], ["4", "5"]], new[] { Ids(path), Ids(path + ".1"), Ids(path + ".2") });
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
        using (var record = BattleRecord.Open(path, mostBytes: 150, files: 3))
            record.Add([ScriptedJudge.Battle("4"), ScriptedJudge.Battle("0")]);
        Assert.Equal(["8", "0"], Ids(path));
    }

    [Fact]
    public void Another_file_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("votes.csv", "model_a,model_b,winner\nx,y,tie\n");
        Assert.Throws<InputException>(() => BattleRecord.Open(path));
        Assert.Equal("model_a,model_b,winner\nx,y,tie\n", File.ReadAllText(path));
    }

    private static string[] Ids(string path) =>
        [.. File.ReadLines(path).Select(line => BattleJson.Read(System.Text.Encoding.UTF8.GetBytes(line)).Id)];
}
