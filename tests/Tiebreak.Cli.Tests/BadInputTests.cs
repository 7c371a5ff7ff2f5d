using System.IO.Compression;
using System.Text;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Every mistake ends with exit code 2, one sentence that names the place, and nothing written.</summary>
public sealed class BadInputTests
{
    private const string Header = "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n";
    private const string Row = """1,x,y,"[""p""]","[""a""]","[""b""]",1,0,0""" + "\n";

    [Theory]
    [InlineData("id,prompt,response_a\n1,2,3\n", "response_b")]
    [InlineData(Header + "1,x,y,\"[\"\"p\"\"],\"[\"\"a\"\"]\",b,1,0,0\n", "line 2")]
    [InlineData(Header + "1,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",0,0,0\n", "line 2")]
    [InlineData(Header + "1,x,y,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\",1,1,0\n", "line 2")]
    [InlineData("<!DOCTYPE html><html></html>", "HTML")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "lfs")]
    [InlineData("", "empty")]
    [InlineData(Header, "no")]
    public async Task A_train_file_that_cannot_be_used(string content, string said)
    {
        using var folder = new TemporaryFolder();
        await IsRefused(folder, folder.Write("train.csv", content), said);
    }

    [Fact]
    public async Task A_truncated_gz()
    {
        using var folder = new TemporaryFolder();
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(Row, 2000))));
        await File.WriteAllBytesAsync(folder["train.csv.gz"], bytes.ToArray()[..^20]);

        await IsRefused(folder, folder["train.csv.gz"], "train.csv.gz");
    }

    [Fact]
    public async Task A_file_that_is_no_text()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["train.csv"], Encoding.Unicode.GetBytes(Header + Row));
        await IsRefused(folder, folder["train.csv"], "is not a text file");
    }

    [Fact]
    public async Task A_place_of_out_of_fold_preferences_that_cannot_be_written_is_found_before_training()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("train.csv", Header + Row);
        var run = await CommandRun.OfAsync("train", "priors", "--data", data, "--out", folder["judge"], "--oof", folder["missing/oof.csv"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("oof.csv does not exist. Create it first.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["train.csv"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_target_that_no_battle_comes_from()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "train", "priors", "--data", folder.Write("train.csv", Header + Row), "--target", "arena", "--out", folder["judge"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("target source \"arena\". Sources in the data: unnamed.", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["judge"]));
    }

    [Fact]
    public async Task Duplicate_ids_in_a_test_file()
    {
        using var folder = new TemporaryFolder();
        var test = folder.Write(
            "test.csv",
            "id,prompt,response_a,response_b\n7,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\"\n"
                + "7,\"[\"\"p\"\"]\",\"[\"\"a\"\"]\",\"[\"\"b\"\"]\"\n");
        var submission = folder.Write("s.csv", "id,winner_model_a,winner_model_b,winner_tie\n7,0.4,0.3,0.3\n");

        var run = await CommandRun.OfAsync("submission", "check", submission, "--test", test);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("7", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--predictions", "evaluate", "--data", "x.csv")]
    [InlineData("There is no recipe nonsense", "train", "nonsense", "--data", "x.csv", "--out", "judge")]
    [InlineData("is not of the form key=value", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "folds")]
    [InlineData("\"folds\"", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "folds=1")]
    [InlineData("\"boosting.leafs\"", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "boosting.leafs=4")]
    [InlineData("\"swap\"", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "swap=maybe")]
    [InlineData(
        "it must be one of none, temperature, temperature_by_length", "train", "feature", "--data", "x.csv", "--out",
        "judge", "--set", "calibration=hot")]
    [InlineData("\"post_rules\"", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "post_rules=some")]
    [InlineData("no judges of kind \"oracle\"", "train", "feature", "--data", "x.csv", "--out", "judge", "--set", "kind=oracle")]
    [InlineData("not a judge bundle", "predict", "--judge", "no-such-folder", "--data", "x.csv", "--out", "s.csv")]
    [InlineData("x.csv", "train", "feature", "--data", "x.csv", "--out", "judge")]
    [InlineData("--threads must be 1 or more", "doctor", "--threads", "0")]
    [InlineData("--data", "train", "feature", "--out", "judge")]
    [InlineData("`tiebreak rank` has no option --data.", "rank", "--data", "x.csv")]
    [InlineData("`tiebreak blend` has no option --dat.", "blend", "one.csv", "two.csv", "--dat", "x.csv")]
    [InlineData("tri", "tri")]
    public async Task A_wrong_command_line(string said, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    private static async Task IsRefused(TemporaryFolder folder, string data, string said)
    {
        var run = await CommandRun.OfAsync("train", "feature", "--data", data, "--out", folder["judge"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Path.GetFileName(data), run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["judge"]));
    }
}
