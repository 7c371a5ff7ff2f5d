using Spectre.Console.Testing;
using Tiebreak.Cli;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Readme.Tests;

/// <summary>The commands of docs/tutorial.md and docs/kaggle.md, with a tiny model and few battles.</summary>
[Collection("current directory")]
public sealed class TuningPagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _home = Directory.GetCurrentDirectory();

    public TuningPagesTests() => Directory.SetCurrentDirectory(_folder.Path);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_home);
        _folder.Dispose();
    }

    /// <summary>What quickstart leaves is copied: another test runs it.</summary>
    [Fact]
    public async Task The_tutorial_leads_to_a_submission()
    {
        Directory.CreateDirectory("tiebreak-quickstart");
        foreach (var name in (string[])["battles.jsonl.gz", "test.csv"])
            File.Copy(Path.Combine(Repository.Root, "samples", name), $"tiebreak-quickstart/{name}");
        foreach (var line in Commands("tutorial.md").Where(line => line is not "tiebreak quickstart"))
        {
            await RunAsync(line
                .Replace("--rows 800", "--rows 240", StringComparison.Ordinal)
                .Replace("model fetch minilm", "model tiny --out tiny", StringComparison.Ordinal)
                .Replace("train minilm-reward", "train minilm-reward --set model=tiny", StringComparison.Ordinal)
                .Replace("tuning.epochs=2", "tuning.epochs=0.5", StringComparison.Ordinal));
        }

        Assert.True(File.Exists("work/curves/loss-the-judge.svg"));
        Assert.Contains("<svg", await File.ReadAllTextAsync("minilm.html"), StringComparison.Ordinal);
        Assert.Equal(201, (await File.ReadAllLinesAsync("submission.csv")).Length);
    }

    [Fact]
    public async Task A_transformer_judge_is_moved_with_its_base_and_predicts_from_where_nothing_can_be_written()
    {
        BattleWriter.WriteKaggleTest("test.csv", SyntheticBattles.Create(5, seed: 2, labelled: false));
        BattleWriter.WriteJsonl("train.csv", SyntheticBattles.Create(100)); // what is in a file is seen by its content
        foreach (var line in Commands("kaggle.md"))
            await RunAsync(line.Replace("--rehearse 100", "--rehearse 20", StringComparison.Ordinal));

        Directory.Move("dataset", "input");
        ChangeMode("input", canWrite: false);
        try
        {
            await RunAsync("tiebreak predict --judge input/judge --data test.csv --out submission.csv --run run --budget 10m");
            await RunAsync("tiebreak submission check submission.csv --test test.csv");
        }
        finally
        {
            ChangeMode("input", canWrite: true);
        }
    }

    private static IEnumerable<string> Commands(string page) => File.ReadAllText(Path.Combine(Repository.Root, "docs", page))
        .Split("```console\n").Skip(1).SelectMany(part => part.Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static async Task RunAsync(string line)
    {
        using TestConsole output = new(), errors = new();
        var exitCode = await TiebreakCommand.RunAsync([.. line.Split(' ').Skip(1)], new Surface(output, errors), CancellationToken.None);
        Assert.True(exitCode == 0, $"{line}\n{errors.Output}{output.Output}");
    }

    private static void ChangeMode(string folder, bool canWrite)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | (canWrite ? UnixFileMode.UserWrite : UnixFileMode.None);
        foreach (var inner in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetUnixFileMode(inner, mode);
    }
}
